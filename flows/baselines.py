"""Baselines: rows and a model in, what it says when it is asked in other ways than as it would be trained, out."""

from flows.asking import Askers, Awaited
from flows.prepare import Prepared
from paragraf.baselines.asking import Asking
from paragraf.baselines.settings import Baseline
from paragraf.models import Model
from paragraf.settings import Settings
from paragraf.snapshots import Snapshot
from tasks.gather import gather


def ask_baselines(
    askers: Askers, rows: Snapshot, data: Prepared, model: Model | None, settings: Settings
) -> list[Awaited]:
    """Ask in each way that the settings name; without a model only the base model is asked.

    The base model is asked after its best system message (elsewhere, after that of the training), the fine-tuned one
    after that of its training.
    """
    wanted, trained = settings.baselines, data.chats.framing
    ways = [way for way in dict.fromkeys(wanted.ways) if wanted.rows and (model or not _is_tuned(way))]
    if data.base.elsewhere:  # a message is chosen by the loss, which no endpoint tells
        ways = [way for way in ways if way != "prompted"]
    best = trained
    if "prompted" in ways:
        chosen = askers.choose(data.splits.valid, data.base, trained, wanted.prompt_rows)
        best = trained.model_copy(update={"system": chosen.system})
    askings: dict[Baseline, Asking] = {"prompted": Asking(way="prompted", framing=best)}
    if set(ways) - set(askings):
        library = gather(data.splits, wanted.documents)
        examples, passages = {"examples": wanted.examples}, {"passages": wanted.passages}
        askings["few_shot"] = Asking(way="few_shot", framing=best, library=library, **examples)
        askings["rag"] = Asking(way="rag", framing=best, library=library, **passages)
        askings["tuned_rag"] = Asking(way="rag", framing=trained, library=library, **passages)
    few = settings.answer.model_copy(update={"rows": min(wanted.rows, settings.answer.rows)})
    return [askers.ask(rows, data.base, model if _is_tuned(way) else None, askings[way], few) for way in ways]


def _is_tuned(way: Baseline) -> bool:
    return way.startswith("tuned")
