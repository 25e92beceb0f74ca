"""Growing: a file that another process writes to the end of in; the whole lines since the last look out."""

from pathlib import Path


class Growing:
    """Begins at the end that the file has now; it need not be there yet."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = path.stat().st_size if path.exists() else 0

    def added(self) -> list[bytes]:
        """The lines that were added, without their ends; half of one waits for the next look."""
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            file.seek(self._offset)
            found = file.read()
        whole = found[: found.rfind(b"\n") + 1]
        self._offset += len(whole)
        return whole.splitlines()
