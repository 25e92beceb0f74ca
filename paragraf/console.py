"""Console: what of the log a person at the terminal needs: one line a stage, progress, and errors in one line."""

import logging
import os

from paragraf.errors import ParagrafError

DEBUG = "PARAGRAF_DEBUG"  # set to 1 by --debug: everything, with tracebacks

_ENGINE_TALK = ("Beginning flow run", "Finished in state Completed", "Created task run", "View at ", "Executing ")


class StageLines(logging.Filter):
    """Drops the orchestrator's own talk and, for errors that a user can mend, the traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        if os.environ.get(DEBUG) == "1":
            return True
        message = record.getMessage()
        if message.startswith(_ENGINE_TALK):
            return False
        if message.startswith("Finished in state Cached"):
            record.msg, record.args = "done before; taken as it is.", ()
        error = record.exc_info[1] if record.exc_info else None
        return not (isinstance(error, ParagrafError) or _repeats_error(message))


def _repeats_error(message: str) -> bool:
    """Whether the engine says again what the command line will say once, at the end."""
    return message.startswith(("Task run failed with exception", "Finished in state Failed", "Encountered exception"))
