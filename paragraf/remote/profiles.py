"""Profiles: what is known of each provider of the protocol: its address, its limits, the days on which it closes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from paragraf.remote.settings import OpenAITraining, ProfileName

_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Profile:
    """One provider.

    Attributes:
        base_url: its address; "" where every customer has one of their own.
        no_jobs_from: the first day on which it takes no new job, if that is known.
        stops_on: the day on which its base models and all that was trained on them stop answering.
        most_row_tokens: tokens of one conversation, at most.
        most_bytes: of one file.
        parts_from_bytes: a file of this size or more goes up in parts; None where it knows no parts.
        lists_bases: whether a base model that it does not know cannot be trained.
        job_extras: what a job needs beside the protocol, by the beginning of the base model's name ("" for the rest).
    """

    base_url: str = ""
    no_jobs_from: date | None = None
    stops_on: date | None = None
    most_row_tokens: int = 65_536
    most_bytes: int = 512 * _MIB
    parts_from_bytes: int | None = 100 * _MIB
    lists_bases: bool = True
    job_extras: Mapping[str, Mapping[str, str]] | None = None

    def extras_of(self, model: str) -> Mapping[str, str]:
        """What a job for this base model says beside the protocol."""
        extras = self.job_extras or {}
        return next((extras[name] for name in sorted(extras, reverse=True) if model.startswith(name)), {})


# As the providers' own pages said in autumn 2026; a 4.1 or 4o row may have 65 536 tokens.
PROFILES: Mapping[ProfileName, Profile] = {
    "local": Profile(base_url="http://127.0.0.1:8766/v1", most_row_tokens=131_072),
    "openai": Profile(base_url="https://api.openai.com/v1", no_jobs_from=date(2027, 1, 6), stops_on=date(2027, 1, 14)),
    "foundry": Profile(
        no_jobs_from=date(2027, 4, 1),  # "until at least" then, for who has trained there before
        stops_on=date(2027, 10, 1),
        parts_from_bytes=None,  # its project address knows no uploads in parts
        job_extras={"gpt-": {}, "": {"trainingType": "globalStandard"}},
    ),
    "nebius": Profile(base_url="https://api.tokenfactory.nebius.com/v1", most_row_tokens=131_072),
    "custom": Profile(most_row_tokens=131_072, lists_bases=False),
}


def profile_of(settings: OpenAITraining) -> Profile:
    """The provider that the settings name."""
    return PROFILES[settings.profile]


def address_of(settings: OpenAITraining) -> str:
    """Where its endpoint is: as the settings say, else where the provider is known to be."""
    return settings.base_url or profile_of(settings).base_url
