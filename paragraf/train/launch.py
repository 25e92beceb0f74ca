"""Launch: how a training child is started on several devices or machines: by `accelerate launch`."""

from pathlib import Path

from paragraf.errors import MissingInput
from paragraf.publish import publish_file

_CONFIGURATION = "accelerate.yaml"


def configuration(path: str) -> str:
    """The text of an accelerate configuration; empty for no path.

    Raises:
        MissingInput: there is no such file.
    """
    if not path:
        return ""
    try:
        return Path(path).read_text("utf-8")
    except OSError as error:
        raise MissingInput(f"{path}: no readable accelerate configuration; see deployments/accelerate/.") from error


def launched(text: str, work: Path) -> list[str]:
    """Arguments of Python that go before `-m module`: none for one process."""
    if not text:
        return []
    publish_file(work / _CONFIGURATION, text.encode())
    return ["-m", "accelerate.commands.launch", "--config_file", str(work / _CONFIGURATION)]
