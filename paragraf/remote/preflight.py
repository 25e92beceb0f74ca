"""Preflight: a training at an endpoint in; what stands against it, before any row is worked on, out."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from paragraf.errors import BadSettings, MissingInput, NotThere
from paragraf.remote.cost import read_prices
from paragraf.remote.endpoint import LOCALLY, Endpoint, open_endpoint
from paragraf.remote.profiles import address_of, profile_of
from paragraf.remote.rules import check_pairs
from paragraf.remote.settings import DpoMethod, OpenAITraining

if TYPE_CHECKING:
    from openai import OpenAI

_SOON = timedelta(days=90)
_NAMED = 8  # models that an error lists


def check(settings: OpenAITraining, today: date) -> list[str]:
    """All that stands against a training, as warnings; the endpoint is asked last, once there is a key for it.

    Raises:
        BadSettings, Refused, Unavailable: as below.
    """
    warnings = check_offline(settings, today)
    with open_endpoint(settings) as endpoint:
        return [*warnings, *check_base(endpoint, settings, today)]


def check_offline(settings: OpenAITraining, today: date) -> list[str]:
    """What can be said without asking anybody, as warnings.

    Raises:
        BadSettings: the provider takes no new jobs any more, or the table of prices is none.
        MissingInput: a named file is not there.
        BadRow, TooFewRows: the provider would not take the pairs of answers.
    """
    profile, name = profile_of(settings), settings.profile
    read_prices(settings.prices)
    if isinstance(settings.method, DpoMethod):
        if not Path(settings.method.preferences).is_file():
            raise MissingInput(f"{settings.method.preferences}: no such file; check train.method.preferences.")
        check_pairs(Path(settings.method.preferences), profile)
    if profile.no_jobs_from and today >= profile.no_jobs_from:
        raise BadSettings(f"train.profile {name} takes no new jobs since {profile.no_jobs_from}; {LOCALLY}.")
    warnings = []
    if profile.no_jobs_from and today >= profile.no_jobs_from - _SOON:
        warnings.append(f"{name} takes no new jobs from {profile.no_jobs_from} on.")
    if profile.stops_on and today >= profile.stops_on - _SOON:
        warnings.append(f"{name} stops its base models and all that was trained on them on {profile.stops_on}.")
    return warnings


def check_base(endpoint: Endpoint, settings: OpenAITraining, today: date) -> list[str]:
    """Whether the endpoint knows the base model and for how long, as warnings.

    Raises:
        BadSettings: it does not know the model, or has shut it down.
        Refused: it does not know the key, or is closed to its organisation.
        Unavailable: it does not answer as it should.
    """
    model = settings.model
    try:
        found = endpoint.ask(f"looking for the model {model}", lambda client: client.models.retrieve(model))
    except NotThere:
        return _unlisted(endpoint, settings)
    ends = _day(found.shutdown_date)
    if ends and ends <= today:
        raise BadSettings(f"{endpoint.address}: {model} was shut down on {ends}; name another with --train.model.")
    if ends and ends <= today + _SOON:
        return [f"{model} will be shut down on {ends}, in {(ends - today).days} days, and all that is trained on it."]
    return []


def _unlisted(endpoint: Endpoint, settings: OpenAITraining) -> list[str]:
    def look(client: "OpenAI") -> list[str]:
        return [one.id for one in client.models.list()]

    try:
        listed = endpoint.ask("listing the models", look)
    except NotThere:  # it knows no such call at all
        listed = []
    if settings.model in listed:
        return []
    told = f"{address_of(settings)} does not list {settings.model}; it lists {', '.join(listed[:_NAMED]) or 'none'}"
    if profile_of(settings).lists_bases:
        raise BadSettings(f"{told}; name another with --train.model.")
    return [f"{told}. It may be trained all the same."]


def _day(said: str | None) -> date | None:
    """The day of an ISO date or time; None for what is neither."""
    try:
        return datetime.fromisoformat(said.replace("Z", "+00:00")).date() if said else None
    except ValueError:
        return None
