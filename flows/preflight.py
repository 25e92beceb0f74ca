"""Preflight: raw rows and settings in; whether fine-tuning is the right thing to do, as a checklist, out."""

from collections.abc import Sequence
from typing import Literal

from prefect import flow

from flows.asking import side_by_side
from flows.baselines import ask_baselines
from flows.prepare import Prepared, prepare_rows
from paragraf.baselines.contenders import Contest
from paragraf.baselines.contests import newest_contest
from paragraf.readiness import ReadinessFacts, ReadinessReport, ReadinessSettings
from paragraf.readiness.facts import DIVERSITY, advised_times
from paragraf.remote import OpenAITraining
from paragraf.verdict import Check
from tasks.advise import advise
from tasks.check_endpoint import check_endpoint
from tasks.contest import contest
from tasks.readiness import readiness
from tasks.run_book import run_book
from tasks.schedules import schedules

Asked = Literal["test", "valid", "nothing"]


@flow(name="preflight")
def preflight(settings: ReadinessSettings = ReadinessSettings()) -> ReadinessReport:  # noqa: B008  # frozen
    """The data stages, then the checklist; a model is asked or trained a few steps only if the settings say so."""
    with run_book("preflight", settings) as (_, tracking):
        if isinstance(settings.train, OpenAITraining):
            check_endpoint(settings.train)
        data = prepare_rows(settings, tracking)
        held, asked = _contest(data, settings)
        if not isinstance(settings.train, OpenAITraining) and settings.measure and not advised_times(data.base.name):
            advise(data.chats, data.base, settings.train)
        return readiness(_facts(data, settings, (held, asked), schedules("finetune").names))


def _contest(data: Prepared, settings: ReadinessSettings) -> tuple[Contest, Asked]:
    """What an earlier run measured on the test part; else, if that is asked for, what validation rows show."""
    if found := newest_contest(data.splits.test):
        return found, "test"
    if not settings.measure:
        return Contest.empty(), "nothing"
    with side_by_side(data.base) as askers:
        answers = [said.result() for said in ask_baselines(askers, data.splits.valid, data, None, settings)]
    return contest(data.splits.valid, answers, settings.baselines.price), "valid"


def _facts(
    data: Prepared, settings: ReadinessSettings, measured: tuple[Contest, Asked], schedules: list[str]
) -> ReadinessFacts:
    numbers, counts = data.verdict.numbers, data.verdict.counts
    return ReadinessFacts(
        source=settings.load.source,
        base=data.base.name,
        kept=data.clean.rows,
        train=data.splits.train.rows - sum(data.splits.train.derived.values()),
        valid=data.splits.valid.rows,
        test=data.splits.test.rows,
        areas=counts.get("area", {}),
        alike=numbers.get("single_question_share"),
        diversity=_of_diversity(data.verdict.checks),
        answered=settings.answer.rows,
        contest=measured[0],
        asked=measured[1],
        times=advised_times(data.base.name),
        price=settings.baselines.price,
        schedules=schedules,
    )


def _of_diversity(checks: Sequence[Check]) -> list[Check]:
    return [check for check in checks if check.suite == "numbers" and check.rule in DIVERSITY]
