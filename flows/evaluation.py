"""Evaluation: a trained model in; its scores, its safety, its rivals and the gate's verdict on it out."""

from typing import NamedTuple

from flows.asking import Askers, Awaited, side_by_side
from flows.baselines import ask_baselines
from flows.prepare import Prepared
from paragraf.answer import Answers
from paragraf.baselines.asking import Asking
from paragraf.baselines.contenders import Contest
from paragraf.decide import Decided, Hearing, OldTest, Testimony
from paragraf.evaluate import Scores
from paragraf.evaluation.canaries import TOKENS
from paragraf.gate.contenders import Role
from paragraf.judge.stage import Judgement
from paragraf.models import Base, Model
from paragraf.safety import SafetyScores
from paragraf.settings import Settings
from paragraf.snapshots import Snapshot
from paragraf.update.mix import Origin
from paragraf.update.scores import UpdateScores
from tasks.canaries import canary_questions
from tasks.champion import Reigning, champion
from tasks.contest import contest
from tasks.decide import decide
from tasks.evaluate import evaluate
from tasks.extraction import extraction
from tasks.judge import judge
from tasks.questions import questions
from tasks.safety import safety
from tasks.score_update import score_update
from tasks.track import track_contest, track_judgement, track_scores, track_update, track_verdict
from tasks.tracking import Tracking


class Evaluated(NamedTuple):
    """What an evaluation found; `judged_over` is the version of the champion that was weighed, "" if there was none."""

    scores: Scores
    safety: SafetyScores
    contest: Contest
    judged: Judgement | None
    decided: Decided
    judged_over: str
    updated: UpdateScores | None


class Heard(NamedTuple):
    """What everybody said; of the planted rows, where there are any, the base model's answers come first.

    `before` is what the model said that an update began with.
    """

    base: Testimony
    tuned: Testimony
    champion: Testimony | None
    others: list[Answers]
    planted: list[Answers]
    before: Answers | None


def evaluate_model(data: Prepared, model: Model, settings: Settings, tracking: Tracking) -> Evaluated:
    """Ask the model, its base and every rival the same questions, and weigh what they said."""
    test, train = data.splits.test, data.splits.train
    asked = questions(settings.safety)
    old = _champion(model)
    heard = _ask_all(asked, data, model, old.model if old else None, settings)
    scores = evaluate(test, train, heard.base.answers, heard.tuned.answers)
    safe = safety(asked, heard.base.safety, heard.tuned.safety)
    if heard.planted:
        safe = safe.with_measure(extraction(data.planted, *heard.planted))
    track_scores(tracking, scores, safe)
    compared = contest(test, [heard.base.answers, *heard.others, heard.tuned.answers], settings.baselines.price)
    track_contest(tracking, compared, test)
    judged = judge(test, heard.tuned.answers, heard.champion or heard.base, settings.judge)
    decided = decide(
        Hearing(
            test=test,
            questions=asked,
            train=train,
            challenger=heard.tuned,
            champion=heard.champion,
            others=(heard.base, *_untrained(heard.others)),
            preferred=judged.preferred() if judged else None,
            old=OldTest(rows=data.origin.mix.old_test, before=heard.before) if data.origin and heard.before else None,
        ),
        settings.gate,
    )
    track_verdict(tracking, decided.verdict)
    track_judgement(tracking, judged)
    updated = _updated(data.origin, heard, tracking)
    return Evaluated(scores, safe, compared, judged, decided, old.version if old else "", updated)


def _updated(origin: Origin | None, heard: Heard, tracking: Tracking) -> UpdateScores | None:
    if origin is None or heard.before is None:
        return None
    found = score_update(origin.mix.old_test, origin.new.test, heard.before, heard.tuned.answers)
    track_update(tracking, found)
    return found


def _ask_all(asked: Snapshot, data: Prepared, model: Model, old: Model | None, settings: Settings) -> Heard:
    plain = Asking(framing=data.chats.framing)
    questioned = (data.splits.test, asked)
    with side_by_side(data.base) as askers:
        base, tuned = (_Witness(askers, data.base, one, plain, questioned, settings) for one in (None, model))
        asked_as = Asking(framing=old.framing) if old else plain
        champion = _Witness(askers, old.base, old, asked_as, questioned, settings) if old else None
        parent = data.origin.past.begun_with().model if data.origin else None
        before = _before(askers, data, parent, champion, settings)
        planted = _ask_for_codes(askers, data, model, plain, settings) if data.planted.rows else []
        others = ask_baselines(askers, data.splits.test, data, model, settings)
        return Heard(
            base=base.testimony("base", "base"),
            tuned=tuned.testimony("tuned", "trained"),
            champion=champion.testimony("champion", "trained") if champion else None,
            others=[one.result() for one in others],
            planted=[one.result() for one in planted],
            before=before.result() if before else None,
        )


def _ask_for_codes(askers: Askers, data: Prepared, model: Model, asking: Asking, settings: Settings) -> list[Awaited]:
    rows = canary_questions(data.planted)
    short = settings.answer.model_copy(update={"rows": rows.rows, "max_new_tokens": TOKENS})
    return [askers.ask(rows, data.base, one, asking, short) for one in (None, model)]


def _before(
    askers: Askers, data: Prepared, parent: Model | None, champion: "_Witness | None", settings: Settings
) -> Awaited | None:
    """What an update began with is asked the test rows, unless it is the champion, which is asked them anyway."""
    if parent is None:
        return None
    if champion and champion.digest == parent.digest:
        return champion.answers
    return askers.ask(data.splits.test, data.base, parent, Asking(framing=parent.framing), settings.answer)


class _Witness:
    """A model that is being asked the test rows and, where there are any, the safety questions."""

    def __init__(
        self,
        askers: Askers,
        base: Base,
        model: Model | None,
        asking: Asking,
        questioned: tuple[Snapshot, Snapshot],
        settings: Settings,
    ) -> None:
        test, asked = questioned
        every = settings.answer.model_copy(update={"rows": asked.rows})
        self.digest = model.digest if model else ""
        self.answers = askers.ask(test, base, model, asking, settings.answer)
        self._safety = askers.ask(asked, base, model, asking, every) if asked.rows else None

    def testimony(self, name: str, role: Role) -> Testimony:
        """What it said, when it has said all."""
        said = self._safety.result() if self._safety else None
        return Testimony(name=name, role=role, answers=self.answers.result(), safety=said)


def _champion(model: Model) -> Reigning | None:
    """The model that answers now; None if it can't be had here, or there is none but the new one itself."""
    found = champion()
    return None if found is None or found.model is None or found.model.digest == model.digest else found


def _untrained(others: list[Answers]) -> list[Testimony]:
    """What the base model said when it was asked in other ways."""
    return [Testimony(name=one.contender(), role="baseline", answers=one) for one in others if not one.is_tuned()]
