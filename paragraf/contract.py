"""Contract: what an adapter was trained on, held beside it and checked before it is put on a base model."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from paragraf.errors import Damaged

if TYPE_CHECKING:
    from paragraf.models import Base

CONTRACT = "contract.json"


def write_contract(folder: Path, base: "Base") -> None:
    """Hold with an adapter which base, tokenizer and chat template it was trained on."""
    (folder / CONTRACT).write_text(json.dumps(_contract(base), indent=1, sort_keys=True), "utf-8")


def check_contract(folder: Path, base: "Base") -> None:
    """Refuse an adapter on anything but what it was trained on.

    Raises:
        Damaged: names what differs.
    """
    held = json.loads((folder / CONTRACT).read_text("utf-8"))
    differing = [name for name, value in _contract(base).items() if held.get(name) != value]
    if differing:
        raise Damaged(f"{folder}: was trained on another {', '.join(differing)}; use its own base model.")


def _contract(base: "Base") -> dict[str, str]:
    return {"base": base.digest, "tokenizer": base.tokenizer, "template": base.template}
