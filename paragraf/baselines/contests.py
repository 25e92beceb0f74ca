"""Contests: what was measured on a test part, kept in the workspace, and found again for the same rows."""

import hashlib

from paragraf.baselines.contenders import Contest
from paragraf.events import read_events, record_event
from paragraf.publish import publish_file
from paragraf.snapshots import Snapshot
from paragraf.workspace import at_rest, home, relative

_EVENT = "contest_held"


def keep_contest(contest: Contest, asked: Snapshot) -> None:
    """Write a contest down with the rows that were asked; nothing where nobody was."""
    if not contest.contenders:
        return
    content = contest.model_dump_json().encode()
    path = home() / "contests" / f"{hashlib.sha256(content).hexdigest()[:16]}.json"
    publish_file(path, content)
    record_event(_EVENT, {"path": relative(path), "rows": asked.digest})


def newest_contest(asked: Snapshot) -> Contest | None:
    """The contest that was held last over these rows."""
    for event in reversed(read_events(_EVENT)):
        path = at_rest(str(event["path"]))
        if event["rows"] == asked.digest and path.is_file():
            return Contest.model_validate_json(path.read_bytes())
    return None
