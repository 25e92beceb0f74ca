import pytest

from paragraf.errors import NotValid
from paragraf.verdict import Check, Severity, Verdict


def check(rule: str, severity: Severity, passed: bool, rows: list[str] | None = None) -> Check:
    return Check(
        suite="corpus",
        rule=rule,
        text="questions are in Polish",
        severity=severity,
        passed=passed,
        observed="0.91",
        failing=len(rows or []),
        rows=rows or [],
    )


VERDICT = Verdict(
    checks=[
        check("a", "critical", True),
        check("b", "warning", False),
        check("c", "critical", False, ["r1", "r2"]),
        check("d", "critical", False),
    ],
    numbers={"rows_kept": 4.0, "polish_share": 0.91},
    counts={"area": {"praca": 4}},
)


def test_failures_come_by_severity_in_suite_order() -> None:
    assert [found.rule for found in VERDICT.failed("critical")] == ["c", "d"]
    assert [found.rule for found in VERDICT.failed("warning")] == ["b"]
    assert VERDICT.failed("info") == []


def test_the_line_in_the_log_counts_failures() -> None:
    assert VERDICT.summary() == "1 of 4 expectations hold; failed: 2 critical, 1 warning, 0 info"


def test_the_first_critical_failure_stops_the_run_with_rule_value_and_rows() -> None:
    with pytest.raises(NotValid) as caught:
        VERDICT.stop_if_critical()
    assert str(caught.value) == "corpus c: questions are in Polish; found 0.91; rows: r1, r2."


def test_a_failure_of_the_whole_corpus_names_no_rows() -> None:
    with pytest.raises(NotValid, match=r"found 0\.91\.$"):
        Verdict(checks=[check("d", "critical", False)]).stop_if_critical()


@pytest.mark.parametrize("severity", ["warning", "info"])
def test_what_is_not_critical_stops_nothing(severity: Severity) -> None:
    Verdict(checks=[check("a", severity, False)]).stop_if_critical()


def test_a_verdict_survives_its_json() -> None:
    assert Verdict.model_validate_json(VERDICT.content()) == VERDICT


def test_a_verdict_without_numbers_can_still_be_read() -> None:
    assert Verdict.model_validate({"checks": []}) == Verdict(checks=[], numbers={}, counts={})
