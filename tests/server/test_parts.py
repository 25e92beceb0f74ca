"""Parts of the server that need none: texts that are written token by token, examples, state, measurements."""

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from paragraf.models import Base, Model
from paragraf.server.job import Hyperparameters, resolved
from paragraf.server.measurements import Merging, result_file
from paragraf.server.refusals import Refused
from paragraf.server.rows import example_of, held_back
from paragraf.server.scribe import Scribe
from paragraf.server.served import Catalogue, Served
from paragraf.server.state import Shelf, State, Thing
from paragraf.train import LoraSettings

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast


def written(tokenizer: Any, text: str, *stops: str) -> tuple[list[str], bool]:
    """The pieces in which a text becomes sure, a byte a token."""
    scribe = Scribe(tokenizer, stops)
    pieces = []
    for token in tokenizer.encode(text, add_special_tokens=False):
        pieces.append(scribe.add(token))
        if scribe.is_stopped:
            return pieces, True
    return [*pieces, scribe.rest()], False


@pytest.mark.parametrize("text", ["Zażółć gęślą jaźń.", "🙂 ą", "a", "", "  x \n\n y ", "日本"])
def test_letters_come_whole_and_none_is_lost(tokenizer: "PreTrainedTokenizerFast", text: str) -> None:
    pieces, is_stopped = written(tokenizer, text)
    assert "".join(pieces) == text
    assert not is_stopped
    assert all("\ufffd" not in piece for piece in pieces)


@pytest.mark.parametrize(
    ("text", "stops", "wanted"),
    [
        ("abcKONIECdef", ("KONIEC",), "abc"),
        ("abcKONxyz", ("KONIEC",), "abcKONxyz"),
        ("abcKON", ("KONIEC",), "abcKON"),
        ("KOKONIEC", ("KONIEC",), "KO"),
        ("raz dwa trzy", ("trzy", "dwa"), "raz "),
        ("zażółć", ("ó",), "zaż"),
    ],
)
def test_nothing_of_a_stop_sequence_is_told(
    tokenizer: "PreTrainedTokenizerFast", text: str, stops: tuple[str, ...], wanted: str
) -> None:
    pieces, is_stopped = written(tokenizer, text, *stops)
    assert "".join(pieces) == wanted
    assert is_stopped == (wanted != text)


def chat(*turns: tuple[str, Any]) -> dict[str, Any]:
    return {"messages": [{"role": role, "content": content} for role, content in turns]}


def test_every_turn_of_the_assistant_is_learned_unless_its_weight_is_zero() -> None:
    row = chat(("developer", "S"), ("user", "a"), ("assistant", "b"), ("user", [{"type": "text", "text": "c"}]))
    row["messages"].append({"role": "assistant", "content": "d", "weight": 0})
    turns, learned = example_of(row)
    assert [(turn["role"], turn["content"]) for turn in turns][:2] == [("system", "S"), ("user", "a")]
    assert turns[3]["content"] == "c"
    assert learned == [False, False, True, False, False]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ([], "an object"),
        ({"messages": []}, "last message"),
        (chat(("user", "a")), "last message"),
        (chat(("assistant", "a")), "a message of the user must come before"),
        (chat(("system", "s"), ("assistant", "a")), "a message of the user must come before"),
        (chat(("user", ""), ("assistant", "a")), "user is empty"),
        (chat(("tool", "x"), ("assistant", "a")), "the role"),
        (chat(("user", None), ("assistant", "a")), "must be text"),
        (chat(("user", [{"type": "image_url"}]), ("assistant", "a")), "without images"),
        ({**chat(("user", "a"), ("assistant", "a")), "tools": [1]}, "tools are not learned here"),
        (
            {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "weight": 2}]},
            "0 or 1",
        ),
        (
            {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "weight": 0}]},
            "learned",
        ),
    ],
)
def test_a_row_that_teaches_nothing_says_why(row: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        example_of(row)


def test_a_twentieth_is_held_back_but_never_none_and_never_many() -> None:
    assert [held_back(count) for count in (10, 100, 5000)] == [1, 5, 50]


def test_auto_is_what_the_settings_say() -> None:
    known = resolved(Hyperparameters(), LoraSettings(), 300)
    assert (known.n_epochs, known.batch_size, known.learning_rate_multiplier) == (3, 4, 1.0)
    asked = Hyperparameters(n_epochs=1, batch_size=64, learning_rate_multiplier=0.5)
    assert resolved(asked, LoraSettings(), 12).model_dump() == {**asked.model_dump(), "batch_size": 12}


class Note(Thing):
    status: str = "new"


@pytest.fixture
def notes(tmp_path: Path) -> Shelf[Note]:
    return Shelf(State(tmp_path / "state.db"), "note", Note)


def test_a_page_follows_the_one_before(notes: Shelf[Note]) -> None:
    for name in "abcde":
        notes.add(Note(id=name))
    first = notes.page(None, 2)
    assert ([note.id for note in first.items], first.has_more) == (["e", "d"], True)
    last = notes.page("b", 2)
    assert ([note.id for note in last.items], last.has_more) == (["a"], False)
    assert [note.id for note in notes.page("b", 9, oldest_first=True).items] == ["c", "d", "e"]
    assert notes.page("nothing", 2).items == []


def test_a_change_happens_only_from_the_status_that_was_expected(notes: Shelf[Note]) -> None:
    notes.add(Note(id="a"))
    assert notes.change("a", within=("old",), status="newer") is None
    assert notes.change("a", within=("new",), status="newer") == Note(id="a", status="newer")
    assert notes.add(Note(id="a", status="again")) and notes.get("a") == Note(id="a", status="newer")


def test_a_transaction_that_fails_changes_nothing(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    notes = Shelf(state, "note", Note)
    with pytest.raises(RuntimeError), state.writing():
        notes.add(Note(id="a"))
        raise RuntimeError
    assert notes.all() == []


def test_what_is_committed_is_there_for_the_next_process(tmp_path: Path) -> None:
    Shelf(State(tmp_path / "state.db"), "note", Note).add(Note(id="a"))
    assert Shelf(State(tmp_path / "state.db"), "note", Note).get("a") == Note(id="a")


def test_what_is_measured_at_one_step_is_told_together() -> None:
    told: list[tuple[int, dict[str, float]]] = []
    merging = Merging(lambda step, metrics: told.append((step, metrics)))
    for entry in (
        {"what": "rows", "rows": 3},
        {"step": 0, "of": 2, "validation_loss": 9.0},
        {"step": 1, "of": 2, "loss": 2.0, "learning_rate": 0.1},
        {"step": 1, "of": 2, "validation_loss": 1.5},
        {"step": 2, "of": 2, "loss": 1.0},
    ):
        merging(entry)  # type: ignore[arg-type]
    merging.flush()
    assert [step for step, _ in told] == [1, 2]
    assert told[0][1] == {
        **{"step": 1, "total_steps": 2, "train_loss": 2.0, "valid_loss": 1.5},
        **{"learning_rate": 0.1, "full_valid_loss": 1.5},
    }


def test_a_result_file_without_steps_is_its_heading_alone() -> None:
    assert base64.b64decode(result_file([]), validate=True).count(b"\n") == 1


def test_the_registry_s_alias_answers_and_what_it_does_not_know_is_refused(tmp_path: Path) -> None:
    base = Base(path="b", digest="d", name="base", tokenizer="t", template="p")
    model = Model(path="m", digest="x", base=base, backend="lora")
    catalogue = Catalogue(State(tmp_path / "state.db"), {"base": base}, lambda: {"champion": model}, 0)
    assert catalogue.find("champion") == Served(base, model)
    assert catalogue.find("base") == Served(base)
    with pytest.raises(Refused) as refused:
        catalogue.find("challenger")
    assert refused.value.code == "model_not_found"
