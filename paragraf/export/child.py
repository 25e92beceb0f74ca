"""The exporting child: the adapter measured, its exports written and measured, what answers alike published."""

import importlib.util
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from paragraf.answer import asked
from paragraf.chat import Tokenizer, conversation, encode
from paragraf.errors import TooFewRows
from paragraf.export.gguf_files import Config, write_adapter, write_base
from paragraf.export.gguf_files import reason_against as reason_against_base
from paragraf.export.pairs import Pair, pairs
from paragraf.export.pairs import reason_against as reason_against_adapter
from paragraf.export.parity import Expected, Passage, distance, divergences, expect, log_shares
from paragraf.export.reading_back import lost_in_adapter, lost_in_merged, put_on
from paragraf.export.referee import LlamaCpp, Refused
from paragraf.export.settings import RESULT, Exported, ExportOrder, Fault, Kind, Parity, Referee
from paragraf.jobs import child_main, write_entry
from paragraf.models import Base, TorchModel, copy_tokenizer, find_base, open_base, open_model, open_tokenizer
from paragraf.publish import digest_of, is_whole, publish, publish_as, publish_file
from paragraf.workspace import home, relative

MERGED, BASE, ADAPTER, PARITY = "merged", "base.gguf", "adapter.gguf", "parity.json"
_LEAST_EFFECT = 2  # times the largest divergence: an adapter that does less looks like no adapter at all


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What every export is measured by."""

    order: ExportOrder
    tokenizer: Tokenizer
    passages: list[Passage]
    expected: list[Expected]  # by the adapter in fp32, so that only the weights make a difference
    effect: float
    changed: list[Pair]  # without those that are zero
    config: Config


def run(order: ExportOrder, work: Path) -> None:
    """Measure the adapter, write what was asked for, measure that, and publish what is as good."""
    tell = _teller(work, 1 + order.settings.merged + order.settings.gguf)
    adapted = open_model(order.model).float()
    yardstick = take_yardstick(adapted, order)
    tell()
    with publish_as(home() / "exports", "export") as staged:
        checks, skipped = write_and_check(adapted, yardstick, staged.folder, tell)
        for kind in [check.kind for check in checks if check.faults] + list(skipped):
            _remove(kind, staged.folder)
        said = {"checks": [check.model_dump() for check in checks], "skipped": skipped}
        (staged.folder / PARITY).write_text(json.dumps(said, indent=1), "utf-8")
        digest = digest_of(staged.seal())
        staged.name = f"{Path(order.model.path).name}-{digest[:16]}"
    exported = Exported(
        path=relative(staged.final),
        digest=digest,
        model=order.model.digest,
        checks=checks,
        skipped=skipped,
        sizes=_sizes(staged.final),
    )
    publish_file(work / RESULT, exported.model_dump_json(indent=1).encode())


def write_and_check(
    adapted: TorchModel, yardstick: Yardstick, folder: Path, tell: Callable[[], None]
) -> tuple[list[Parity], dict[Kind, str]]:
    """Every kind that was asked for: what its check found, or why it was skipped. Merging takes the adapter apart."""
    settings, base = yardstick.order.settings, yardstick.order.model.base
    checks: list[Parity] = []
    skipped: dict[Kind, str] = {}
    if settings.gguf:
        if reason := reason_against_gguf(adapted, base):
            skipped["gguf"] = reason
        else:
            write_gguf(adapted, base, folder)
    if settings.merged:
        write_merged(adapted, base, folder / MERGED)
        checks.append(check_merged(yardstick, folder / MERGED))
        tell()
    if settings.gguf and not skipped:
        try:
            checks.append(check_gguf(yardstick, folder))
        except Refused as refused:
            skipped["gguf"] = str(refused)
        tell()
    return checks, skipped


def take_yardstick(adapted: TorchModel, order: ExportOrder) -> Yardstick:
    """Let the adapter answer, and its base without it."""
    tokenizer = open_tokenizer(order.model.base)
    passages = _passages(order, tokenizer)
    expected = expect(adapted, tokenizer, passages)
    with adapted.disable_adapter():
        base = log_shares(adapted, passages)
    apart = [divergences(mine, replace(mine, log_shares=theirs)) for mine, theirs in zip(expected, base, strict=True)]
    # the matrices are copied: merging takes the adapter apart
    changed = [replace(pair, up=pair.up.clone(), down=pair.down.clone()) for pair in pairs(adapted) if pair.up.any()]
    return Yardstick(order, tokenizer, passages, expected, float(torch.cat(apart).mean()), changed, adapted.config)


def reason_against_gguf(adapted: TorchModel, base: Base) -> str:
    """Why there can be no GGUF of this model; empty when there can."""
    return reason_against_adapter(adapted) or reason_against_base(base.folder(), adapted.config)


def write_gguf(adapted: TorchModel, base: Base, folder: Path) -> None:
    """The adapter, and beside it its base, whose file all exports of that base share."""
    write_adapter(pairs(adapted), adapted.config, adapted.peft_config["default"].lora_alpha, folder / ADAPTER)
    shared = home() / "exports" / f"base-{base.digest[:16]}"
    if not is_whole(shared):
        with publish(shared) as stage:
            write_base(base.folder(), adapted.config, base.name, stage / BASE)
    try:
        os.link(shared / BASE, folder / BASE)
    except OSError:  # a file system without links
        shutil.copyfile(shared / BASE, folder / BASE)


def write_merged(adapted: TorchModel, base: Base, folder: Path) -> None:
    """A folder that opens as a base model; merged in fp32 and rounded once, to the base's own bf16."""
    folder.mkdir()
    adapted.merge_and_unload(safe_merge=True).to(torch.bfloat16).save_pretrained(folder)
    copy_tokenizer(base, folder)


def check_merged(yardstick: Yardstick, folder: Path) -> Parity:
    """Open the merged folder as anybody would, and compare."""
    found = expect(open_base(find_base(str(folder))).float(), yardstick.tokenizer, yardstick.passages)
    lost = lost_in_merged(yardstick.changed, yardstick.order.model.base.folder(), folder)
    tokenizer = open_tokenizer(find_base(str(folder)))
    same_tokens = all(
        tokenizer.encode(passage.text, add_special_tokens=False) == passage.prompt for passage in yardstick.passages
    )
    return _judge(yardstick, "merged", "transformers", found, same_tokens, len(lost))


def check_gguf(yardstick: Yardstick, folder: Path) -> Parity:
    """Compare by llama.cpp, which nobody here wrote, or where it is not installed by reading the files back."""
    has_referee = importlib.util.find_spec("xllamacpp") is not None
    return check_by_llama_cpp(yardstick, folder) if has_referee else check_by_reading_back(yardstick, folder)


def check_by_llama_cpp(yardstick: Yardstick, folder: Path) -> Parity:
    """Let llama.cpp run both files, and compare."""
    longest = max(len(passage.prompt) + len(passage.answer) for passage in yardstick.passages)
    referee = LlamaCpp(folder / BASE, folder / ADAPTER, longest, len(yardstick.passages))
    found = referee.expect(yardstick.passages, yardstick.tokenizer.eos_token_id)
    same_tokens = referee.cuts_alike(yardstick.passages)
    return _judge(yardstick, "gguf", "llama.cpp", found, same_tokens, _lost_in_gguf(yardstick, folder))


def check_by_reading_back(yardstick: Yardstick, folder: Path) -> Parity:
    """Put the numbers of both files into the model as PyTorch knows it, and compare; their tokenizer is not asked."""
    model = open_base(yardstick.order.model.base).float()
    put_on(model, folder / BASE, folder / ADAPTER)
    found = expect(model, yardstick.tokenizer, yardstick.passages)
    return _judge(yardstick, "gguf", "gguf reader", found, None, _lost_in_gguf(yardstick, folder))


def _lost_in_gguf(yardstick: Yardstick, folder: Path) -> int:
    return len(lost_in_adapter(yardstick.changed, yardstick.config, folder / ADAPTER))


def _judge(
    yardstick: Yardstick, kind: Kind, referee: Referee, found: list[Expected], same_tokens: bool | None, lost: int
) -> Parity:
    settings = yardstick.order.settings
    apart = distance(yardstick.expected, found)
    bounds: dict[Fault, bool] = {
        "lost_changes": lost > 0,
        "divergence": not apart.divergence <= settings.most_divergence,
        "other_top": apart.same_top < settings.least_same_top,
        "other_tokens": same_tokens is False,
        "no_effect": yardstick.effect < _LEAST_EFFECT * settings.most_divergence,
    }
    return Parity(
        kind=kind,
        referee=referee,
        prompts=len(yardstick.passages),
        positions=sum(len(passage.answer) for passage in yardstick.passages),
        divergence=max(0.0, apart.divergence),
        effect=yardstick.effect,
        same_top=apart.same_top,
        same_greedy=apart.same_greedy,
        same_tokens=same_tokens,
        lost=lost,
        faults=[fault for fault, is_out in bounds.items() if is_out],
    )


def _passages(order: ExportOrder, tokenizer: Tokenizer) -> list[Passage]:
    records = asked(order.test.read(), order.settings.rows)
    if not records:
        raise TooFewRows("export: there is no test row to compare the exported model by.")
    encoded = [encode(tokenizer, conversation(record, order.framing)["messages"]) for record in records]
    return [
        Passage(
            tokenizer.decode(one.ids[: one.prompt], skip_special_tokens=False),
            one.ids[: one.prompt],
            one.ids[one.prompt :][: order.settings.answer_tokens],
        )
        for one in encoded
    ]


def _remove(kind: Kind, folder: Path) -> None:
    """Nobody shall run by mistake what is worse than the adapter; the same order writes it again."""
    if kind == "merged":
        shutil.rmtree(folder / MERGED)
    else:
        for name in (ADAPTER, BASE):
            (folder / name).unlink(missing_ok=True)


def _sizes(folder: Path) -> dict[str, int]:
    return {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".safetensors", ".gguf")
    }


def _teller(work: Path, steps: int) -> Callable[[], None]:
    done = iter(range(1, steps + 1))
    return lambda: write_entry(work, {"what": "exports compared", "done": next(done), "of": steps})


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    child_main(ExportOrder, run)
