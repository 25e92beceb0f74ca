"""Gate: evidence in, a verdict by reviewed suites out; what GX would pass over in silence is an error."""

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from paragraf.errors import Damaged
from paragraf.validate import Drawn, Evidence, Frame, Suite, ValidateSettings, length
from paragraf.verdict import NAMED_ROWS, Check, Verdict

_RULES: dict[Suite, str] = {
    "raw": "raw.json",
    "corpus": "corpus.json",
    "content": "content.json",
    "splits": "splits.json",
    "chats": "chats.json",
    "numbers": "numbers.json",
}
_PERSONAL_DATA = "T03"  # the settings say how grave it is
_MAY_BE_NOTHING = "expect_column_values_to_be_null"


def weigh(evidence: Evidence, settings: ValidateSettings) -> Verdict:
    """The verdict of all suites; a rule that was judged on a sample says so, with its margin.

    Raises:
        Damaged: as `judge` does.
    """
    limits = settings.parameters()
    checks = []
    for suite, frame in evidence.frames.items():
        for check in judge(suite, frame, limits):
            drawn = evidence.drawn.get(check.number if suite == "numbers" else suite)
            changes: dict[str, object] = {"text": f"{check.text}{_sampled(drawn, suite, check)}"}
            if check.rule == _PERSONAL_DATA:
                changes["severity"] = settings.personal_data
            checks.append(check.model_copy(update=changes))
    return Verdict(checks=checks, numbers=evidence.numbers, counts=evidence.counts)


def judge(suite: Suite, frame: Frame, parameters: Mapping[str, float]) -> list[Check]:
    """Judge a frame of features by a suite; checks come in the order of their rules.

    Raises:
        Damaged: the suite says something that cannot be judged, or a check could not be computed.
    """
    expectations = suite_of(suite)
    if length(frame) == 0:  # every map expectation holds on an empty frame
        return [_nothing_to_judge(suite, expectations)]
    result = validated(suite, expectations, frame, parameters)
    if len(result.results) != len(expectations.expectations):
        raise Damaged(f"suite {suite}: {len(expectations.expectations)} checks asked, {len(result.results)} answered.")
    return sorted((_check(suite, item, parameters) for item in result.results), key=lambda check: check.rule)


def validated(suite: Suite, expectations: Any, frame: Frame, parameters: Mapping[str, float]) -> Any:
    """What Great Expectations says of a frame, with the ids of failing rows and without any value of theirs.

    Raises:
        Damaged: a column that a rule judges has gaps.
    """
    import great_expectations as gx
    import pandas as pd
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    rows = pd.DataFrame(frame)
    _refuse_gaps(suite, expectations, rows)
    # without a site of its own GX leaves a temporary folder behind for each context
    config = DataContextConfig(store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False))
    context = gx.get_context(mode="ephemeral", project_config=config)
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    asset = context.data_sources.add_pandas("features").add_dataframe_asset(suite)
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": rows})
    return batch.validate(
        expectations,
        expectation_parameters=dict(parameters),
        result_format={
            "result_format": "COMPLETE",
            "unexpected_index_column_names": ["id"],
            "exclude_unexpected_values": True,
            "return_unexpected_index_query": False,
        },
    )


def suite_of(suite: Suite) -> Any:
    """The reviewed suite of that name; raises Damaged like `load_suite`."""
    return load_suite(Path(__file__).parent / _RULES[suite])


def load_suite(path: Path) -> Any:
    """A suite from its JSON file, with every expectation that the file names.

    Raises:
        Damaged: an expectation has no rule id of its own, or Great Expectations would drop it (unknown type, misspelt
            severity) with no more than a line in a log.
    """
    import great_expectations as gx

    written = json.loads(path.read_text("utf-8"))
    rules: list[str | None] = [(item.get("meta") or {}).get("rule") for item in written["expectations"]]
    if None in rules or len(set(rules)) != len(rules):
        raise Damaged(f"{path.name}: every expectation needs a meta.rule of its own.")
    log = logging.getLogger("great_expectations.core.expectation_suite")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        suite = gx.ExpectationSuite(name=written["name"], expectations=written["expectations"], notes=written["notes"])
    finally:
        log.setLevel(level)
    lost = sorted({str(rule) for rule in rules} - {(item.meta or {}).get("rule") for item in suite.expectations})
    if lost:
        raise Damaged(f"{path.name}: {', '.join(lost)} would be dropped; check the type and severity.")
    return suite


def _refuse_gaps(suite: Suite, expectations: Any, rows: Any) -> None:
    """GX leaves rows without a value out of account, so a measure that failed would count as one that passed."""
    for item in expectations.expectations:
        column = getattr(item, "column", None)
        if column not in rows or item.expectation_type == _MAY_BE_NOTHING:
            continue
        if gaps := int(rows[column].isna().sum()):
            rule = item.meta["rule"]
            raise Damaged(f"suite {suite} {rule}: could not be judged: {column} has no value in {gaps} rows")


def _check(suite: Suite, item: Any, parameters: Mapping[str, float]) -> Check:
    config, found = item.expectation_config, item.result
    rule = config.meta["rule"]
    asked = {
        name: parameters[value["$PARAMETER"]] if isinstance(value, dict) else value
        for name, value in config.kwargs.items()
    }
    if not item.success and not found:
        messages = [entry["exception_message"] for entry in item.exception_info.values() if isinstance(entry, dict)]
        raise Damaged(f"suite {suite} {rule}: could not be judged: {' '.join(messages)[:300]}")
    rows = [str(row) for group in found.get("unexpected_index_list") or [] for row in group.get("id", [])]
    return Check(
        suite=suite,
        rule=rule,
        text=config.description or config.type,
        severity=getattr(config.severity, "value", config.severity),
        passed=bool(item.success),
        observed=_observed(found),
        failing=found.get("unexpected_count") or 0,
        rows=rows[:NAMED_ROWS],
        number=config.meta.get("number", ""),
        least=config.meta.get("least", asked.get("min_value", asked.get("mostly"))),
        most=config.meta.get("most", asked.get("max_value")),
    )


def _sampled(drawn: Drawn | None, suite: Suite, check: Check) -> str:
    if drawn is None or drawn.rows >= drawn.of:
        return ""
    is_share = suite != "numbers" or check.number.endswith("_share")
    margin = f", margin {100 * drawn.margin:.1f} points" if is_share else ""
    return f" (seen in {drawn.rows} of {drawn.of} rows{margin})"


def _observed(found: Mapping[str, Any]) -> str:
    """The value found, as words: a number for the table, the failing share for rows."""
    if "element_count" in found and "unexpected_count" in found:
        return f"{found['unexpected_count']} of {found['element_count']} rows fail"
    value = found.get("observed_value")
    if value is None:
        missing, strange = found.get("partial_missing_list") or [], found.get("partial_unexpected_list") or []
        return f"missing {missing}, unexpected {strange}" if missing or strange else "all there"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.4g}"
    return str(value)


def _nothing_to_judge(suite: Suite, expectations: Any) -> Check:
    first = min(expectations.expectations, key=lambda item: item.meta["rule"])
    return Check(
        suite=suite,
        rule=first.meta["rule"],
        text=first.description,
        severity="critical",
        passed=False,
        observed="0 rows",
    )
