"""What an update is made from: versions planted in the log, their rows at rest, and new rows beside them."""

from dataclasses import replace

import pytest

from paragraf.answer import Answer
from paragraf.errors import BadSettings, Damaged
from paragraf.events import record_event
from paragraf.law.changes import Change, write_change
from paragraf.models import Base, Model
from paragraf.publish import publish
from paragraf.records import Kept, Record
from paragraf.snapshots import Snapshot, Splits
from paragraf.tombstones import bury
from paragraf.update.past import Making, Past, is_learned, past_of
from paragraf.update.remember import remember
from paragraf.update.replay import draw, wanted, with_own_ids
from paragraf.update.scores import score
from paragraf.update.settings import UpdateRules, UpdateSettings
from paragraf.update.sift import sift
from paragraf.workspace import home

NEAR = 0.7
WORDS = (
    *("najem lokalu", "darowizna auta", "spadek po wuju", "urlop macierzyński", "zachowek wnuka", "hipoteka łączna"),
    *("służebność drogi", "umowa zlecenia", "mandat za parkowanie", "rękojmia za wady", "opłata skarbowa"),
    *("zasiedzenie gruntu", "alimenty na rodzica", "testament ustny", "weksel in blanco", "kaucja za mieszkanie"),
)


def row(number: int, area: str = "cywilne", answer: str = "") -> Record:
    """A row that is like none of another number."""
    topic = WORDS[number % len(WORDS)]
    return Record(
        id=f"r{number}",
        question=f"Co mówi prawo, gdy chodzi o {topic}, w sprawie {1000 + number * 37}?",
        answer=answer or f"W sprawie {topic} obowiązuje termin {number + 2} lat i opłata {number * 13 + 5} zł.",
        area=area,
        group=f"g{number}",
    )


def rows(*numbers: int) -> list[Record]:
    return [row(number) for number in numbers]


def parts(train: list[Record], valid: list[Record], test: list[Record]) -> Splits:
    given = {"train": train, "valid": valid, "test": test}
    return Splits(**{name: Snapshot.write(name, records) for name, records in given.items()})


def register(number: str, splits: Splits, corpus: str = "", parent: str = "") -> None:
    """A version in the log, with a model at rest."""
    folder = home() / "models" / f"lora-{number}"
    with publish(folder) as stage:
        (stage / "README.md").write_text(number, "utf-8")
    base = Base(path="models/base", digest="b", name="b", tokenizer="t", template="t")
    model = Model(path=f"models/lora-{number}", digest=f"m{number}", base=base, backend="lora")
    making = Making(corpus=corpus or f"c{number}", splits=splits, parent=parent)
    told = {"model": model.model_dump_json(), "making": making.model_dump_json()}
    record_event("model_ready", {"version": number, **told})


def found_past(corpus: str = "new", champion: str = "") -> Past:
    past = past_of(corpus, champion, {})
    assert past is not None
    return past


def test_rows_that_a_version_was_made_from_are_known_to_be_learned() -> None:
    register("1", parts(rows(1), rows(2), rows(3)), corpus="first")
    assert is_learned("first", {})
    assert not is_learned("second", {})


@pytest.mark.parametrize(
    ("new", "replayed"), [(0, 0), (1, 0), (4, 1), (8, 2), (10, 2), (14, 4), (80, 20), (81, 20), (83, 21), (1000, 250)]
)
def test_a_fifth_of_the_training_rows_is_a_quarter_of_the_new_ones(new: int, replayed: int) -> None:
    assert wanted(new, UpdateRules().replay_share) == replayed == round(new / 4)


def test_an_update_takes_small_steps_as_a_user_may_change_one_by_one() -> None:
    usual = UpdateSettings().train
    assert (usual.learning_rate, usual.epochs, usual.warmup_share, usual.weight_decay) == (1e-5, 1.0, 0.1, 0.01)
    given = UpdateSettings.model_validate({"train": {"epochs": 2.0}, "update": {"min_rows": 5}})
    assert (given.train.learning_rate, given.train.epochs, given.update.replay_share) == (1e-5, 2.0, 0.2)
    assert given.trained_from("models/lora-1").train.start_from == "models/lora-1"


def test_rows_are_drawn_in_the_proportions_of_their_areas_and_the_same_again_by_the_same_seed() -> None:
    pool = [row(number, area) for number, area in enumerate(["praca"] * 8 + ["karne"] * 4 + ["spadki"] * 4)]
    drawn = draw(pool, 8, seed=7)
    assert sorted(record.area for record in drawn) == ["karne"] * 2 + ["praca"] * 4 + ["spadki"] * 2
    assert draw(reversed(pool), 8, seed=7) == drawn
    assert draw(pool, 8, seed=8) != drawn
    assert len(draw(pool, 100, seed=7)) == 16
    assert [len(draw([*pool, *pool], count, seed=7)) for count in (0, 1, 5, 7, 15)] == [0, 1, 5, 7, 15]


def test_an_old_row_whose_id_a_new_row_bears_gets_another() -> None:
    old = [row(1), row(2), replace(row(3), id="r2")]
    found = with_own_ids(old, ["r1"])
    assert len({record.id for record in found} | {"r1"}) == 4
    assert found[1] == row(2)
    assert [record.question for record in found] == [record.question for record in old]


def test_rows_that_a_version_learned_or_was_tested_with_are_not_new() -> None:
    learned, valid, tested = rows(0, 1), rows(2), rows(3, 4)
    typed_otherwise = replace(row(3), id="n1", question=row(3).question.upper(), answer="Inaczej.", group="")
    same_group = replace(row(9), group="g4")
    new = [row(0), row(2), typed_otherwise, same_group, row(7), row(8)]
    kept = Kept.of(sift(new, [learned], [valid, tested], NEAR))
    assert kept.records == rows(7, 8)
    assert kept.counts() == {"tested_before": 3, "learned_before": 1}


def test_a_question_that_was_learned_with_another_answer_is_new() -> None:
    corrected = replace(row(0, answer="Od 2026 roku nie pobiera się żadnych opłat ani nie liczy terminów."), id="n0")
    assert Kept.of(sift([corrected], [rows(0, 1)], [rows(3)], NEAR)).records == [corrected]


def test_an_update_builds_on_the_champion_else_on_the_newest_version() -> None:
    assert past_of("new", "", {}) is None
    for number in ("1", "2", "3"):
        register(number, parts(rows(int(number)), rows(10), rows(11)))
    assert found_past().parent == "3"
    assert found_past(champion="2").parent == "2"
    assert found_past(champion="9").parent == "3"


def test_versions_of_another_registry_are_no_past_of_those_that_bear_their_numbers() -> None:
    for number in ("1", "2", "3"):
        register(number, parts(rows(int(number)), rows(10), rows(11)))
    past = past_of("new", "2", {"1": "m1", "2": "of-the-team"})  # version 3 tells no digest
    assert past is not None
    assert [one.number for one in past.versions] == ["1", "3"]
    assert past.parent == "3"
    assert not is_learned("c2", {"2": "of-the-team"})
    assert is_learned("c2", {"2": "m2"})


def test_a_version_that_was_fetched_is_known_beside_its_namesake() -> None:
    register("2", parts(rows(2), rows(10), rows(11)))
    base = Base(path="models/base", digest="b", name="b", tokenizer="t", template="t")
    fetched = Model(path="models/lora-2", digest="of-the-team", base=base, backend="lora")
    record_event("model_ready", {"version": "2", "model": fetched.model_dump_json()})
    past = past_of("new", "2", {"2": "of-the-team"})
    assert past is not None
    assert (past.parent, past.begun_with().model, past.begun_with().making) == ("2", fetched, None)


def test_replayed_rows_come_from_the_newest_versions_alone() -> None:
    for number in range(1, 6):
        register(str(number), parts(rows(number), rows(10), rows(11)))
    learned = [record.id for snapshot in found_past().learned(3) for record in snapshot.records()]
    assert learned == ["r5", "r4", "r3"]


def test_an_update_that_is_repeated_finds_what_it_found_first() -> None:
    register("1", parts(rows(1), rows(10), rows(11)))
    first = found_past("new")
    register("2", parts(rows(2), rows(12), rows(13)), corpus="new", parent="1")
    register("3", parts(rows(3), rows(14), rows(15)), corpus="newer", parent="2")
    assert found_past("new", champion="3") == first
    assert [one.number for one in found_past("newest").versions] == ["1", "2", "3"]


def test_a_training_from_the_base_on_the_same_rows_is_part_of_the_past() -> None:
    register("1", parts(rows(1), rows(10), rows(11)), corpus="new")
    assert [one.number for one in found_past("new").versions] == ["1"]


def test_only_an_adapter_of_the_same_base_is_trained_on() -> None:
    register("1", parts(rows(1), rows(10), rows(11)))
    parent = found_past().begun_with()
    parent.check(parent.model.base)
    with pytest.raises(BadSettings, match="version 1 was trained on b, and this run names other"):
        parent.check(parent.model.base.model_copy(update={"name": "other", "digest": "other"}))
    whole = parent.model_copy(update={"model": parent.model.model_copy(update={"backend": "full"})})
    with pytest.raises(BadSettings, match="version 1 was trained with 'full', and only adapters"):
        whole.check(parent.model.base)


def test_versions_whose_rows_are_gone_stop_an_update() -> None:
    import shutil

    splits = parts(rows(1), rows(10), rows(11))
    register("1", splits)
    shutil.rmtree(home() / splits.train.path)
    with pytest.raises(Damaged, match="the train rows of version 1 are gone"):
        found_past().rows("train")


def test_exactly_a_fifth_is_replayed_and_old_tests_stand_beside_the_new() -> None:
    register("1", parts(rows(*range(8)), rows(8), rows(9, 10)))
    new = parts(rows(20, 21, 22, 23, 24, 25, 26, 27), rows(28), rows(29))
    found = remember(new, found_past(), UpdateRules(), NEAR)
    assert (len(found.replay), found.wanted) == (2, 2)
    assert {record.id for record in found.replay} <= {f"r{number}" for number in range(8)}
    assert found.tests == rows(9, 10)


def test_where_there_are_too_few_old_rows_all_are_replayed() -> None:
    register("1", parts(rows(1), rows(8), rows(9)))
    found = remember(parts(rows(*range(20, 32)), rows(40), rows(41)), found_past(), UpdateRules(), NEAR)
    assert (found.replay, found.wanted) == (rows(1), 3)


def test_no_row_is_replayed_that_ever_tested_a_version_and_none_tests_that_was_learned() -> None:
    register("1", parts(rows(0, 1, 2), rows(8), rows(3)))
    register("2", parts(rows(3, 4), rows(2), [replace(row(0), id="other", group="")]))
    found = remember(parts(rows(*range(20, 36)), rows(40), rows(41)), found_past(), UpdateRules(), NEAR)
    assert sorted(record.id for record in found.replay) == ["r1", "r4"]
    assert found.tests == []


def test_old_rows_that_a_new_row_answers_anew_are_not_replayed() -> None:
    register("1", parts(rows(0, 1), rows(8), rows(9)))
    corrected = replace(row(0, answer="Od 2026 roku nie ma opłat."), id="n0", group="n")
    found = remember(parts([corrected, *rows(*range(20, 27))], rows(40), rows(41)), found_past(), UpdateRules(), NEAR)
    assert found.replay == rows(1)


def test_forgotten_and_stale_rows_and_variants_stay_out() -> None:
    stale = replace(row(1), answer="Zgodnie z art. 118 k.c. termin wynosi 10 lat.", legal_state="2017-01-01")
    variant = replace(row(2), id="v", origin="r5", technique="noise")
    register("1", parts([row(0), stale, variant, row(3)], rows(8), [row(9), replace(stale, id="t", group="t")]))
    bury([row(3)])
    write_change(Change("kc:art=118", "2018-07-09"))
    found = remember(parts(rows(*range(20, 36)), rows(40), rows(41)), found_past(), UpdateRules(), NEAR)
    assert found.replay == rows(0)
    assert found.tests == rows(9)


def test_old_and_new_tests_are_scored_apart_and_a_rise_of_the_loss_is_told() -> None:
    def said(losses: dict[str, float]) -> list[Answer]:
        return [Answer(name, loss=loss, tokens=10, text="Nie wiem.", finished=True) for name, loss in losses.items()]

    before, after = said({"r1": 20.0, "r2": 30.0, "r3": 40.0}), said({"r1": 21.0, "r2": 33.0, "r3": 10.0})
    old, new = score("old", rows(1, 2), before, after), score("new", rows(3), before, after)
    assert (old.rows, old.rise.value, new.rows, new.rise.value) == (2, pytest.approx(0.2), 1, pytest.approx(-3.0))
    loss = old.measure("answer_loss")
    assert loss is not None
    assert (loss.base.value, loss.tuned.value) == (pytest.approx(2.5), pytest.approx(2.7))
    assert score("old", [], before, after).rise.value is None
