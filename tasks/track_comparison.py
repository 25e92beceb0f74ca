"""Tell MLflow how a blind test ended: one run a test, however often it is unsealed."""

from paragraf.compare.page import ComparisonPage
from paragraf.compare.unsealing import Comparison
from paragraf.workspace import at_rest
from tasks.tracking import Tracking, begin_run, client, find_run

_TEST = "paragraf.blind_test"


def track_comparison(result: Comparison, page: ComparisonPage) -> Tracking:
    """Sides, counts, agreement and the page of a finished test; a run that has them all is left alone."""
    store = client()
    tracking = find_run(_TEST, result.test)
    if tracking and store.get_run(tracking.run).info.status == "FINISHED":
        return tracking
    tracking = tracking or begin_run(f"compare-{result.test}", {"first": result.first, "second": result.second})
    store.set_tag(tracking.run, _TEST, result.test)
    for name, value in {"commitment": result.commitment, "votes": result.chain}.items():
        store.set_tag(tracking.run, f"digest.{name}", value)
    store.set_tag(tracking.run, "decision", result.count.sequential.decision)
    tracking.log({name: value for name, value in _numbers(result).items() if value is not None})
    store.log_artifacts(tracking.run, str(at_rest(page.path)), artifact_path="comparison")
    store.set_terminated(tracking.run, "FINISHED")
    return tracking


def _numbers(result: Comparison) -> dict[str, float | None]:
    counted = result.count
    rate, sequential, agreement = counted.win_rate, counted.sequential, counted.agreement
    return {
        "compare/questions": result.questions,
        "compare/votes": result.votes,
        "compare/missing_votes": counted.missing,
        "compare/win_rate": rate.value,
        "compare/win_rate_low": rate.low,
        "compare/win_rate_high": rate.high,
        "compare/evidence": sequential.evidence,
        "compare/stopped_after": sequential.stopped_after,
        "compare/alpha_nominal": agreement.nominal,
        "compare/alpha_ordinal": agreement.ordinal,
        "compare/kappa": agreement.pairs[0].value if len(agreement.pairs) == 1 else None,
    }
