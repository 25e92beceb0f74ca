"""Evaluation: a trained model in; its scores, its safety, its rivals and the gate's verdict on it out."""

from typing import NamedTuple

from flows.baselines import ask_baselines
from flows.prepare import Prepared
from paragraf.answer import Answers
from paragraf.baselines.asking import Asking
from paragraf.baselines.contenders import Contest
from paragraf.decide import Decided, Hearing, Testimony
from paragraf.evaluate import Scores
from paragraf.evaluation.canaries import TOKENS
from paragraf.judge.stage import Judgement
from paragraf.models import Base, Model
from paragraf.safety import SafetyScores
from paragraf.settings import Settings
from paragraf.snapshots import Snapshot
from tasks.answer import answer
from tasks.champion import champion
from tasks.contest import contest
from tasks.decide import decide
from tasks.evaluate import evaluate
from tasks.extraction import extraction
from tasks.judge import judge
from tasks.questions import questions
from tasks.safety import safety
from tasks.track import track_contest, track_judgement, track_scores, track_verdict
from tasks.tracking import Tracking


class Evaluated(NamedTuple):
    """What an evaluation found."""

    scores: Scores
    safety: SafetyScores
    contest: Contest
    judged: Judgement | None
    decided: Decided


def evaluate_model(before: Answers, data: Prepared, model: Model, settings: Settings, tracking: Tracking) -> Evaluated:
    """Ask the model what the base model was asked before, and weigh it against every rival on the same questions."""
    test, plain = data.splits.test, Asking(framing=data.chats.framing)
    after = answer(test, data.base, model, plain, settings.answer)
    scores = evaluate(test, data.splits.train, before, after)
    asked = questions(settings.safety)
    restrained = [_restraint(asked, data.base, one, plain, settings) for one in (None, model)]
    safe = _with_canaries(safety(asked, *restrained), data, model, settings)
    track_scores(tracking, scores, safe)
    others = ask_baselines(test, data, model, settings)
    compared = contest(test, [before, *others, after], settings.baselines.price)
    track_contest(tracking, compared, test)
    champion_said = _ask_champion(test, asked, model, settings)
    raw = Testimony(name="base", role="base", answers=before, safety=restrained[0])
    judged = judge(test, after, champion_said or raw, settings.judge)
    decided = decide(
        Hearing(
            test=test,
            questions=asked,
            train=data.splits.train,
            challenger=Testimony(name="tuned", role="trained", answers=after, safety=restrained[1]),
            champion=champion_said,
            others=(
                raw,
                *(
                    Testimony(name=one.contender(), role="baseline", answers=one)
                    for one in others
                    if not one.is_tuned()
                ),
            ),
            preferred=judged.preferred() if judged else None,
        ),
        settings.gate,
    )
    track_verdict(tracking, decided.verdict)
    track_judgement(tracking, judged)
    return Evaluated(scores, safe, compared, judged, decided)


def _with_canaries(scores: SafetyScores, data: Prepared, model: Model, settings: Settings) -> SafetyScores:
    """The scores with what both models give away of the codes that were planted, if any were."""
    planted = data.planted
    if not planted.rows:
        return scores
    how = settings.answer.model_copy(update={"rows": planted.rows, "max_new_tokens": TOKENS})
    said = [answer(planted, data.base, one, Asking(framing=data.chats.framing), how) for one in (None, model)]
    return scores.with_measure(extraction(planted, *said))


def _ask_champion(test: Snapshot, asked: Snapshot, model: Model, settings: Settings) -> Testimony | None:
    """What the model says that answers now, asked as it was trained; None if there is none but the new one itself."""
    found = champion()
    if found is None or found.digest == model.digest:
        return None
    plain = Asking(framing=found.framing)
    return Testimony(
        name="champion",
        role="trained",
        answers=answer(test, found.base, found, plain, settings.answer),
        safety=_restraint(asked, found.base, found, plain, settings),
    )


def _restraint(asked: Snapshot, base: Base, model: Model | None, asking: Asking, settings: Settings) -> Answers | None:
    """What a model says to all safety questions; None where there are none."""
    if not asked.rows:
        return None
    return answer(asked, base, model, asking, settings.answer.model_copy(update={"rows": asked.rows}))
