"""Work: where the rows of a run are worked on; it never counts as an input, since every runner gives the same rows."""

from contextlib import AbstractContextManager

from pydantic import BaseModel, ConfigDict

from paragraf.runner import Runner, RunnerName, open_runner


class Work(BaseModel):
    """The runner that a flow's settings name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: RunnerName = "processes"

    def content(self) -> str:
        return ""

    def runner(self) -> AbstractContextManager[Runner]:
        return open_runner(self.name)
