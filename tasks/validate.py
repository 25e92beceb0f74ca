"""Run validate: a verdict on rows of every age, and its page."""

from prefect import get_run_logger

from expectations.gate import judge
from paragraf.snapshots import Snapshot, Splits
from paragraf.validate import ValidateSettings, corpus_features, raw_features, split_features
from paragraf.validation_page import publish_validation_page
from paragraf.verdict import Verdict
from tasks.policies import stage


@stage
def validate(raw: Snapshot, corpus: Snapshot, splits: Splits, settings: ValidateSettings) -> Verdict:
    """Judge all suites; a failed critical expectation stops the run after its page is written."""
    parts = {part: snapshot.read() for part, snapshot in splits.parts()}
    limits = settings.parameters()
    verdict = Verdict(
        checks=[
            *judge("raw", raw_features(raw.read()), limits),
            *judge("corpus", corpus_features(corpus.read()), limits),
            *judge("splits", split_features(parts, settings), limits),
        ]
    )
    get_run_logger().info("%s. See %s", verdict.summary(), publish_validation_page(verdict))
    verdict.stop_if_critical()
    return verdict
