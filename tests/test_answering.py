"""A tiny model asked in every way: what it reads, what it says, what is kept of it after a kill."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from paragraf.answer import ANSWERS, RETAINED, Answer, AnswerOrder, AnswerSettings, from_lines
from paragraf.answering import answer_loss, batches, letter_likelihoods, run
from paragraf.baselines.asking import Asking
from paragraf.baselines.choice import LOSSES, ChoiceOrder
from paragraf.baselines.choosing import run as choose
from paragraf.baselines.library import Example, Library, Passage
from paragraf.chat import PLAIN, encode_prompt, question_messages
from paragraf.decoding import generate
from paragraf.models import Base, open_base, open_tokenizer
from paragraf.records import Record
from paragraf.retention import retention_rows
from paragraf.snapshots import Snapshot
from tests.tiny import tiny_base

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

pytestmark = pytest.mark.slow

ROWS = [Record(id=f"r{number}", question=f"Ile wynosi zachowek{'?' * number}", answer="Połowę.") for number in range(5)]


@pytest.fixture
def base(tmp_path: Path, tokenizer: "PreTrainedTokenizerFast") -> Base:
    return tiny_base(tmp_path / "tiny", tokenizer)


@pytest.fixture
def library() -> Library:
    examples = [Example("e1", "Czym jest zachowek?", "Roszczeniem."), Example("e2", "Czym jest spadek?", "Majątkiem.")]
    return Library.write(examples, [Passage("Zachowek wynosi połowę udziału.", "art. 991 § 1 k.c.")], {})


def asked_of(base: Base, asking: Asking, folder: Path, rows: int = 3, batch_size: int = 2) -> list[Answer]:
    folder.mkdir(exist_ok=True)
    test = Snapshot.write("test", ROWS)
    settings = AnswerSettings(rows=rows, max_new_tokens=8, batch_size=batch_size)
    run(AnswerOrder(base=base, model=None, test=test, asking=asking, settings=settings), folder)
    return from_lines((folder / ANSWERS).read_bytes())


def test_asked_plainly_all_rows_have_a_loss_and_some_an_answer(base: Base, tmp_path: Path) -> None:
    answers = asked_of(base, Asking(), tmp_path)
    assert [item.id for item in answers] == [row.id for row in ROWS]
    assert all(item.loss is not None and item.tokens == len("Połowę.".encode()) + 1 for item in answers)
    assert sum(item.text is not None for item in answers) == 3


def test_what_an_answer_took_is_told_with_it(base: Base, tmp_path: Path) -> None:
    answers = [item for item in asked_of(base, Asking(), tmp_path) if item.text is not None]
    assert all(0 < item.written <= 8 and item.read > 100 and item.seconds > 0 for item in answers)
    assert all(item.finished or item.written == 8 for item in answers)


@pytest.mark.parametrize(("way", "counts"), [("few_shot", {"examples": 2}), ("rag", {"passages": 1}), ("prompted", {})])
def test_in_other_ways_only_the_asked_rows_are_answered_and_more_is_read(
    base: Base, library: Library, tmp_path: Path, way: Any, counts: Mapping[str, int]
) -> None:
    plain = {item.id: item for item in asked_of(base, Asking(), tmp_path / "plain")}
    system = PLAIN.model_copy(update={"system": PLAIN.system * 2}) if way == "prompted" else PLAIN
    aided = asked_of(base, Asking(way=way, framing=system, library=library, **counts), tmp_path / way)
    assert len(aided) == 3
    assert all(item.loss is None and item.text is not None for item in aided)
    assert all(item.read > plain[item.id].read for item in aided)


def test_finished_batches_are_read_back_and_not_written_again(base: Base, tmp_path: Path) -> None:
    first = asked_of(base, Asking(), tmp_path)
    kept = sorted(tmp_path.glob("batch-*.jsonl"))
    assert len(kept) == 2
    said = json.loads(kept[0].read_text().splitlines()[0])
    kept[0].write_text(kept[0].read_text().replace(json.dumps(said["text"]), '"z pliku"'))
    (tmp_path / ANSWERS).unlink()
    again = asked_of(base, Asking(), tmp_path)
    assert {item.id for item in again if item.text == "z pliku"} >= {said["id"]}
    assert len(again) == len(first)


def test_answers_end_with_the_end_of_turn(base: Base) -> None:
    tokenizer, model = open_tokenizer(base), open_base(base).eval()
    end = tokenizer.eos_token_id

    class Ending:
        """A model that says three letters and ends, in one row of the two."""

        device = model.device

        def generate(self, input_ids: Any, max_new_tokens: int, **given: Any) -> Any:
            import torch

            said = torch.tensor([[65, 66, 67, end, end, end], [65, 65, 65, 65, 65, 65]])
            return torch.cat([input_ids, said[:, :max_new_tokens]], dim=1)

    ended, cut_off = generate(Ending(), tokenizer, [[1, 2], [1, 2, 3]], 6)
    assert (ended.is_finished, ended.written) == (True, 4)
    assert (cut_off.is_finished, cut_off.written) == (False, 6)


def sizes(lengths: Sequence[int], size: int, new_tokens: int) -> list[list[int]]:
    prompts = {str(number): [0] * length for number, length in enumerate(lengths)}
    return [[len(prompts[name]) for name in batch] for batch in batches(prompts, size, new_tokens)]


def test_questions_of_like_length_are_asked_together() -> None:
    assert sizes([9, 1, 8, 2, 7], 2, 10) == [[1, 2], [7, 8], [9]]


def test_long_prompts_are_asked_in_smaller_batches() -> None:
    assert sizes([8000] * 9, 50, 192) == [[8000] * 4, [8000] * 4, [8000]]
    assert sizes([100_000], 50, 192) == [[100_000]]


def test_a_prompt_is_chosen_by_what_validation_answers_cost_after_it(base: Base, tmp_path: Path) -> None:
    valid = Snapshot.write("valid", ROWS)
    systems = ("Jesteś programem.", "Odpowiadaj krótko.")
    choose(ChoiceOrder(base=base, valid=valid, framing=PLAIN, systems=systems, rows=2), tmp_path)
    losses = json.loads((tmp_path / LOSSES).read_bytes())
    assert tuple(losses) == systems
    assert len(set(losses.values())) == 2
    assert all(loss > 0 for loss in losses.values())


def closed(letters: str, answer: str = "Prawidłowa jest odpowiedź {}.") -> Record:
    choices = tuple((letter, f"kara {letter}") for letter in letters)
    return Record(
        id=f"test-{letters}",
        question="Co grozi za kradzież?",
        answer=answer.format(letters[1]),
        item_type="exam",
        choices=choices,
        correct=letters[1],
    )


@pytest.mark.parametrize(
    ("record", "before", "first"),
    [
        (closed("ABC"), "Prawidłowa jest odpowiedź ", 0),
        (closed("ABCD", "{}"), "", 0),
        (closed("ĄĆĘ"), "Prawidłowa jest odpowiedź ", 1),  # two tokens each, and the first is the same
        (closed("AĄB"), "Prawidłowa jest odpowiedź ", 0),  # one token, two and one
    ],
)
def test_a_letter_is_as_likely_as_the_loss_of_an_answer_that_names_it(
    base: Base, record: Record, before: str, first: int
) -> None:
    tokenizer, model = open_tokenizer(base), open_base(base).eval()
    prompt = encode_prompt(tokenizer, question_messages(record.question, "", PLAIN))
    said = letter_likelihoods(model, tokenizer, record, prompt)
    assert list(said) == [letter for letter, _ in record.choices]
    ids = {letter: [*prompt, *tokenizer.encode(before + letter, add_special_tokens=False)] for letter in said}
    shared = len(prompt) + len(before.encode()) + first
    losses = {letter: -answer_loss(model, ids[letter], shared) for letter in said}
    assert said == pytest.approx(losses, abs=1e-3)
    assert len(set(said.values())) == len(said)


def test_letters_are_told_of_closed_items_that_were_asked_and_kept_for_the_next_try(base: Base, tmp_path: Path) -> None:
    order = AnswerOrder(
        base=base,
        model=None,
        test=Snapshot.write("test", [*ROWS[:2], closed("ABC")]),
        asking=Asking(),
        settings=AnswerSettings(rows=3, max_new_tokens=8, batch_size=2),
    )
    run(order, tmp_path)
    first = from_lines((tmp_path / ANSWERS).read_bytes())
    assert [sorted(item.letters) for item in first] == [[], [], ["A", "B", "C"]]
    kept = json.loads((tmp_path / "letters.json").read_bytes())
    kept["test-ABC"]["A"] = -0.25
    (tmp_path / "letters.json").write_text(json.dumps(kept))
    run(order, tmp_path)
    assert from_lines((tmp_path / ANSWERS).read_bytes())[2].letters["A"] == -0.25


def test_everyday_rows_are_measured_only_where_the_question_stands_alone(
    base: Base, library: Library, tmp_path: Path
) -> None:
    asked_of(base, Asking(), tmp_path / "plain")
    asked_of(base, Asking(way="few_shot", examples=2, library=library), tmp_path / "few")
    plain, aided = (json.loads((tmp_path / name / RETAINED).read_bytes()) for name in ("plain", "few"))
    assert list(plain) == [row.id for row in retention_rows()]
    assert all(0 < loss < 20 for loss in plain.values())
    assert aided == {}


def test_rows_without_an_answer_are_asked_and_not_measured(base: Base, tmp_path: Path) -> None:
    order = AnswerOrder(
        base=base,
        model=None,
        test=Snapshot.write("safety", [Record(id="s", question="Czy wygram?", answer="")]),
        asking=Asking(),
        settings=AnswerSettings(rows=1, max_new_tokens=8),
    )
    run(order, tmp_path)
    [item] = from_lines((tmp_path / ANSWERS).read_bytes())
    assert (item.id, item.loss, item.tokens, item.text is None) == ("s", None, 0, False)
    assert json.loads((tmp_path / RETAINED).read_bytes()) == {}
