"""Candidate: what somebody asked to promote in; the version, and the champion that it is to replace, out."""

from typing import NamedTuple

from paragraf.promote import PromoteSettings, check_may_stand
from paragraf.registry import CHAMPION, Registered
from tasks.registry import champion_number, check_champion, find_version
from tasks.tracking import client


class Candidate(NamedTuple):
    """A version that may become champion `over` another; `asks` if a person must approve it first."""

    version: Registered
    over: str
    asks: bool

    @property
    def is_champion(self) -> bool:
        return CHAMPION in self.version.aliases


def candidate(settings: PromoteSettings) -> Candidate:
    """The version that is meant, after all checks that need nobody's word; none for who is champion already.

    Raises:
        MissingInput: there is no such version.
        Refused: by its verdict or the settings it may not become champion.
        Outrun: another version is champion than the one it is to replace.
    """
    version = find_version(settings.version)
    found = Candidate(version, _over(settings, version), settings.promotion.approval == "person" and not settings.by)
    if not found.is_champion:
        check_champion(found.over)
        check_may_stand(version, found.over, found.asks or bool(settings.reason.strip()), settings.promotion)
    return found


def _over(settings: PromoteSettings, version: Registered) -> str:
    if settings.over:
        return settings.over.replace("none", "")
    return champion_number(client()) if version.judged_over is None else version.judged_over
