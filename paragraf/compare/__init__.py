"""Compare: answers of two sides in; a sealed blind test for people, and what their votes say of the sides, out.

`compare` prepares a test, `votes` keeps what raters say, `server` shows it to them, `unsealing` ends it, and `page`
tells how it ended; `finished` finds it for the report. Applications and flows import from here; of the stages only
the report does.
"""

from paragraf.compare.links import enroll
from paragraf.compare.sealing import BlindTest, seal_up
from paragraf.compare.settings import BlindSettings
from paragraf.compare.sides import Side, pair


def compare(first: Side, second: Side, settings: BlindSettings) -> BlindTest:
    """Pair the answers, seal them, and write down who may vote."""
    return enroll(seal_up(pair(first, second), settings), settings)
