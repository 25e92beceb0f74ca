"""Hub: the name of a model on the Hugging Face hub in; the folder that holds it here, fetched if need be, out."""

import os
from collections.abc import Sequence
from pathlib import Path

from paragraf.errors import MissingInput


def from_hub(name: str, patterns: Sequence[str], built_in: str) -> Path:
    """The files of a model that match the patterns; `built_in` is the model that needs no hub.

    Raises:
        MissingInput: there is no such model, or the hub is out of reach.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, allow_patterns=list(patterns)))
    except (HFValidationError, HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        offline = " (offline: HF_HUB_OFFLINE=1)" if os.environ.get("HF_HUB_OFFLINE") == "1" else ""
        raise MissingInput(
            f"base model {name!r} is neither {built_in!r}, nor a folder here, nor in reach on the hub{offline}."
        ) from error
