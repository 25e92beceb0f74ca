"""Remote: chats in, a model that an endpoint of the OpenAI protocol trained and answers with, out; each made once."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from paragraf.errors import ParagrafError
from paragraf.format import Chats
from paragraf.jobs import JOURNAL, Entry
from paragraf.models import Address, Base, Model
from paragraf.publish import is_whole, publish_file, verify
from paragraf.remote.cost import Cost, expected_cost, read_prices
from paragraf.remote.endpoint import Endpoint, open_endpoint
from paragraf.remote.following import Follower
from paragraf.remote.jobs import cancel_job, ensure_job
from paragraf.remote.model import RemoteModel, collect, folder_of, read_remote
from paragraf.remote.once import Patience
from paragraf.remote.orders import RemoteOrder
from paragraf.remote.profiles import address_of, profile_of
from paragraf.remote.rules import Counted, check_pairs, check_supervised
from paragraf.remote.settings import DpoMethod, OpenAITraining
from paragraf.workspace import at_rest, relative

__all__ = ["OpenAITraining", "RemoteModel", "RemoteOrder", "base_elsewhere", "read_remote", "train", "train_at"]


def base_elsewhere(tokenizer_of: Base, settings: OpenAITraining) -> Base:
    """The base model of a training at an endpoint; its rows are measured with the tokenizer of one that is here."""
    return tokenizer_of.answering_at(Address(base_url=address_of(settings), model=settings.model))


def train(chats: Chats, base: Base, settings: OpenAITraining, on_entry: Callable[[Entry], None]) -> Model:
    """The model that the endpoint makes of the chats; a training that was begun is followed on.

    Every measurement and message goes to `on_entry`. A model that is here already asks nobody.

    Raises:
        BadSettings: there is no usable key.
        BadRow, TooFewRows: the provider would not take the rows; nothing has been sent.
        Refused, JobFailed: the endpoint refuses, or its training failed.
        Unavailable: the endpoint does not answer as it should; the next run goes on.
    """
    order = RemoteOrder.of(chats, base, settings)
    if not is_whole(folder_of(order)):
        verify(at_rest(chats.path))
        with open_endpoint(settings) as endpoint:
            patience = Patience(settings.poll_seconds, settings.deadline_hours * 3600)
            train_at(endpoint, order, patience, on_entry)
    return _receipt(order)


def train_at(
    endpoint: Endpoint, order: RemoteOrder, patience: Patience, on_entry: Callable[[Entry], None]
) -> RemoteModel:
    """Have an order carried out at an endpoint; raises as `train`."""
    cost = _checked(order)
    on_entry({"what": "message", "level": "info", "message": cost.expected()})
    job = ensure_job(endpoint, order, patience)
    on_entry({"what": "message", "level": "info", "message": f"Job {job} at {endpoint.address}."})
    journal = _Journal(order, on_entry)
    try:
        done = Follower(endpoint, job, journal, patience).follow()
    except BaseException as stop:  # Ctrl-C and an orchestrator's stop are no Exception
        if order.settings.cancel_on_interrupt and not isinstance(stop, Exception):
            with suppress(ParagrafError):  # whoever stops a run is told that it stopped, whatever the endpoint says
                cancel_job(endpoint, job)
        raise
    made = collect(endpoint, order, done, cost, journal.entries)
    on_entry({"what": "message", "level": "info", "message": made.cost.spent()})
    return made


@dataclass
class _Journal:
    """Hands entries on and keeps them as a training on this machine does, whole at any moment."""

    order: RemoteOrder
    on_entry: Callable[[Entry], None]
    entries: list[Entry] = field(default_factory=list)

    def __call__(self, entry: Entry) -> None:
        self.entries.append(entry)
        lines = "".join(json.dumps(dict(one), ensure_ascii=False) + "\n" for one in self.entries)
        publish_file(self.order.journal_folder() / JOURNAL, lines.encode())
        self.on_entry(entry)


def _checked(order: RemoteOrder) -> Cost:
    """What the training takes, of rows that the provider takes."""
    settings, profile = order.settings, profile_of(order.settings)
    check: Callable[..., Counted] = check_pairs if isinstance(settings.method, DpoMethod) else check_supervised
    counted = check(order.training_file(), profile)
    if validation := order.validation_file():
        check(validation, profile, fewest=1)
    # OpenAI's own models count as the rules do; for any other the tokenizer of the settings has measured the rows
    is_openai_s = settings.model.removeprefix("ft:").startswith("gpt-") or isinstance(settings.method, DpoMethod)
    tokens = counted.tokens if is_openai_s else order.chats.tokens["train"]
    return expected_cost(tokens, counted.rows, settings, read_prices(settings.prices))


def _receipt(order: RemoteOrder) -> Model:
    folder = folder_of(order)
    return Model(
        path=relative(folder),
        digest=verify(folder),
        base=order.base,
        backend="openai",
        framing=order.chats.framing,
    )
