"""Ask: a question in, the newest model's answer out."""

from pathlib import Path

from paragraf.chat import PLAIN, encode_prompt, question_messages
from paragraf.errors import BadSettings, MissingInput
from paragraf.events import read_events
from paragraf.models import Model, find_base, open_base, open_model, open_tokenizer
from paragraf.publish import is_whole
from paragraf.workspace import at_rest, home

DISCLOSURE = "Odpowiedział program, nie prawnik. To informacja, a nie porada prawna; sprawdź ją w tekście ustawy."
_LONGEST_QUESTION = 8000  # characters; a model of 8192 tokens can't read more Polish with room for an answer


def ask(question: str, model: str, max_new_tokens: int) -> str:
    """Answer a question with the newest fine-tuned model ("newest"), as it was trained, or with a base model by name.

    Raises:
        BadSettings: the question is empty or too long.
        MissingInput: nothing has been fine-tuned in this workspace yet.
    """
    if not question.strip() or len(question) > _LONGEST_QUESTION:
        raise BadSettings(f"the question must have 1 to {_LONGEST_QUESTION} characters, it has {len(question)}.")
    tuned = newest_model() if model == "newest" else None
    base = tuned.base if tuned else find_base(model)
    from paragraf.decoding import generate

    tokenizer = open_tokenizer(base)
    framing = tuned.framing if tuned else PLAIN
    prompt = encode_prompt(tokenizer, question_messages(question.strip(), "", framing))
    [said] = generate(open_model(tuned) if tuned else open_base(base).eval(), tokenizer, [prompt], max_new_tokens)
    return said.text


def newest_model() -> Model:
    """The model of the run that finished training last in this workspace, if it is still whole."""
    for event in reversed(read_events("model_ready")):
        model = Model.model_validate_json(str(event["model"]))
        if is_whole(at_rest(model.path)):
            return model
    raise MissingInput(f"{home()}: no fine-tuned model yet; run: paragraf finetune")


def newest_report() -> Path:
    """The page of the run that finished last."""
    for event in reversed(read_events("report_published")):
        page = at_rest(str(event["path"])) / "report.html"
        if page.is_file():
            return page
    raise MissingInput(f"{home()}: no report yet; run: paragraf finetune")
