"""Run validate: a verdict on rows of every age, and its page."""

from functools import partial

from prefect import get_run_logger

from expectations.docs import publish_data_docs
from expectations.gate import weigh
from paragraf.chat import Framing
from paragraf.models import Base, open_tokenizer
from paragraf.validate import Ages, ValidateSettings, gather
from paragraf.validation_page import publish_validation_page
from paragraf.verdict import Verdict
from tasks.policies import stage
from tasks.work import Work


@stage
def validate(ages: Ages, base: Base, framing: Framing, settings: ValidateSettings, work: Work) -> Verdict:
    """Judge all suites; a failed critical expectation stops the run after its page is written."""
    with work.runner() as runner:
        evidence = gather(ages, partial(open_tokenizer, base), framing, settings, runner)
    verdict = weigh(evidence, settings)
    if settings.data_docs:
        publish_data_docs(evidence, settings)
    get_run_logger().info("%s. See %s", verdict.summary(), publish_validation_page(verdict))
    verdict.stop_if_critical()
    return verdict
