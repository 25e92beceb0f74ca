"""Ask: a question in, the newest model's answer out."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from paragraf.chat import PLAIN, Framing, Message, encode_prompt, question_messages
from paragraf.errors import BadSettings, MissingInput
from paragraf.evaluation.safety_rules import discloses
from paragraf.events import read_events
from paragraf.logged import logged
from paragraf.models import Address, Model, find_base, open_base, open_model, open_tokenizer
from paragraf.publish import is_whole
from paragraf.remote import read_remote
from paragraf.remote.asking import open_elsewhere
from paragraf.runs import all_runs
from paragraf.workspace import at_rest, home

DISCLOSURE = "Odpowiedział program, nie prawnik. To informacja, a nie porada prawna; sprawdź ją w tekście ustawy."
VERSION = "version:"
_LONGEST_QUESTION = 8000  # characters; a model of 8192 tokens can't read more Polish with room for an answer


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model answered, and what people see of it.

    `must_disclose`: the model's system message says that a program answers and that it gives no legal advice.
    """

    text: str
    is_finished: bool
    shown: str
    must_disclose: bool


Asks = Callable[[str], Reply]  # a model that is open, or a server that answers with it
Says = Callable[[list[Message]], tuple[str, bool]]  # messages in; text, and whether it is whole, out


def ask(question: str, model: str, max_new_tokens: int) -> Reply:
    """Answer a question with a fine-tuned model (see `find_model`), as it was trained, or with a base model by name.

    Raises:
        BadSettings: the question is empty or too long.
        MissingInput: nothing has been fine-tuned in this workspace yet.
    """
    _check(question)
    return asker(model, max_new_tokens)(question)


def asker(name: str, max_new_tokens: int) -> Asks:
    """A model that is open and answers questions, named as for `ask`; one that answers elsewhere is asked there."""
    tuned = find_model(name)
    return asker_of(_sayer(tuned, name, max_new_tokens), tuned.framing if tuned else PLAIN)


def asker_of(say: Says, framing: Framing) -> Asks:
    """What answers messages, asked questions as it was trained to be."""

    def asks(question: str) -> Reply:
        _check(question)
        text, is_finished = say(question_messages(question.strip(), "", framing))
        return Reply(text, is_finished, f"{text}\n\n{DISCLOSURE}", discloses(framing.system))

    return asks


def _sayer(tuned: Model | None, name: str, max_new_tokens: int) -> Says:
    if tuned and (remote := read_remote(tuned)):
        return partial(_say_elsewhere, remote.address, max_new_tokens)
    from paragraf.decoding import generate

    base = tuned.base if tuned else find_base(name)
    tokenizer = open_tokenizer(base)
    opened = open_model(tuned) if tuned else open_base(base).eval()

    def say(messages: list[Message]) -> tuple[str, bool]:
        [said] = generate(opened, tokenizer, [encode_prompt(tokenizer, messages)], max_new_tokens)
        return said.text, said.is_finished

    return say


def _say_elsewhere(address: Address, max_new_tokens: int, messages: list[Message]) -> tuple[str, bool]:
    with open_elsewhere(address, max_new_tokens) as elsewhere:
        answered = elsewhere.ask(messages)
    return answered.text, not answered.is_cut_off


def _check(question: str) -> None:
    if not question.strip() or len(question) > _LONGEST_QUESTION:
        raise BadSettings(f"the question must have 1 to {_LONGEST_QUESTION} characters, it has {len(question)}.")


def newest_model() -> Model:
    """The model of the run that finished training last in this workspace, if it is still whole."""
    for event in reversed(read_events("model_ready")):
        model = Model.model_validate_json(str(event["model"]))
        if is_whole(at_rest(model.path)):
            return model
    raise MissingInput(f"{home()}: no fine-tuned model yet; run: paragraf finetune")


def find_model(name: str) -> Model | None:
    """A fine-tuned model of this workspace: "newest", its folder, the pipeline or MLflow run that trained it, or
    "version:3", the number with which it is registered; "version:3@DIGEST" is none but the model of that digest.

    None means that no fine-tuned model is called that; it may be a base model.

    Raises:
        MissingInput: no such version is in this workspace, or nothing has been fine-tuned in it yet.
    """
    if name == "newest":
        return newest_model()
    if name.startswith(VERSION):
        return _version(*name.removeprefix(VERSION).partition("@")[::2])
    trainings = _trainings_of(name)
    for event in reversed(read_events("model_ready")):
        model = Model.model_validate_json(str(event["model"]))
        folder = Path(model.path).name
        is_meant = folder == Path(name).name or folder.partition("-")[2] in trainings
        if is_meant and is_whole(at_rest(model.path)):
            return model
    return None


def _version(number: str, digest: str) -> Model:
    for one in reversed(logged({number: digest} if digest else {})):
        if one.number == number and is_whole(at_rest(one.model.path)):
            return one.model
    raise MissingInput(f"{home()}: version {number} is not in this workspace, or not whole; see: paragraf versions")


def _trainings_of(run: str) -> set[str]:
    """What a run, by its name or its MLflow run, began to train."""
    runs = {run, *(known.mlflow_run for known in all_runs() if known.name == run)}
    return {str(event["training"]) for event in read_events("training_began") if event.get("mlflow_run") in runs}


def newest_report() -> Path:
    """The page of the run that finished last."""
    for event in reversed(read_events("report_published")):
        page = at_rest(str(event["path"])) / "report.html"
        if page.is_file():
            return page
    raise MissingInput(f"{home()}: no report yet; run: paragraf finetune")
