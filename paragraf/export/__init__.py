"""Export: a fine-tuned model in, files that other programs run out, each proven to answer as the adapter does."""

import hashlib
from collections.abc import Callable

from paragraf.chat import Framing
from paragraf.export.settings import RESULT, Exported, ExportOrder, ExportSettings, Kind, Parity
from paragraf.jobs import Entry, run_job
from paragraf.models import Model
from paragraf.snapshots import Snapshot
from paragraf.workspace import home

_NEED_NONE = {
    "full": "all weights were trained: the model's own folder is what transformers opens",
    "openai": "the model answers at its endpoint, which keeps the weights",
}

__all__ = ["ExportSettings", "Exported", "Parity", "export"]


def export(
    model: Model, test: Snapshot, framing: Framing, settings: ExportSettings, on_entry: Callable[[Entry], None]
) -> Exported:
    """Write the model as merged weights and as GGUF in a child process, and publish what passes the parity check.

    A kind that fails stops nothing: its numbers are in what comes back and its files are not in the folder.

    Raises:
        Damaged: the model, its base or the test rows are not those that the receipts name.
        ChildFailed: the child was killed; run again.
    """
    if model.backend in _NEED_NONE:
        return _without_export(model)
    order = ExportOrder(model=model, test=test, framing=framing, settings=settings)
    made_from = (model.digest, test.digest, framing.model_dump_json(), settings.model_dump_json())
    work = home() / "exports" / f"work-{hashlib.sha256('|'.join(made_from).encode()).hexdigest()[:16]}"
    run_job("paragraf.export.child", order, work, on_entry)
    return Exported.model_validate_json((work / RESULT).read_bytes())


def _without_export(model: Model) -> Exported:
    """The model's own folder, with the reason why there is nothing else."""
    kinds: tuple[Kind, ...] = ("merged", "gguf")
    reason = _NEED_NONE[model.backend]
    return Exported(
        path=model.path,
        digest=model.digest,
        model=model.digest,
        checks=[],
        skipped=dict.fromkeys(kinds, reason),
        sizes={},
    )
