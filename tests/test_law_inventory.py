"""The inventory: what numbers an act has, what may stand between them, and that it can be made again from the texts."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragraf.law.inventory import Inventory, file_content, inventory_of, shipped
from paragraf.law.places import Numbers, Place, canonical
from paragraf.law.units import Article, shortened, spelled_out

STATUTES = Path(__file__).parents[2] / "shared" / "data" / "statutes"
SHIPPED = Path(__file__).parents[1] / "paragraf" / "data" / "inventory.json"


@pytest.mark.skipif(not STATUTES.is_dir(), reason="the texts of the statutes are not here")
def test_the_shipped_inventory_is_what_the_statutes_give() -> None:
    texts = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(STATUTES.glob("*.json"))}
    assert SHIPPED.read_text("utf-8") == file_content(texts, 2025)
    assert [(key, number) for key, articles in texts.items() for number in articles if not canonical(number)] == []


def test_the_shipped_inventory_holds_five_codes_and_no_text() -> None:
    assert {key: len(act.articles) for key, act in shipped().acts.items()} == {
        "kc": 1293,
        "kk": 458,
        "kks": 261,
        "kpa": 303,
        "kpc": 2003,
    }
    assert set("".join(json.loads(SHIPPED.read_text("utf-8"))["acts"].values())) <= set(
        "0123456789()!:,- abcdefghijklłmnop"
    )


def test_the_numbers_of_an_act_are_read_from_its_texts() -> None:
    texts = {
        "1": "§ 1. Jeden.\n   § 1^1. Jeden i pół.\n § 2. Dwa, zob. § 7.",
        "2": "(uchylony)",
        "22^1": "Bez paragrafów, a zgodnie z § 3 umowy.",
        "3": "1. Ustęp.\n 2. Drugi ustęp.\n 2a. Dodany ustęp.",
        "4l": "Tekst.\n      Art. 4ł. § 1. Zgubiony artykuł.",
        "Rozdział I": "nagłówek",
    }
    assert inventory_of(texts).articles == {
        "1": Article(("1", "1(1)", "2")),
        "2": Article(is_repealed=True),
        "22(1)": Article(),
        "3": Article(("1", "2", "2a")),
        "4l": Article(),
        "4ł": Article(("1",)),
    }


def test_an_act_fits_on_one_line() -> None:
    act = Inventory(
        {"1": Article(), "2": Article(is_repealed=True), "22(1)a": Article(("1", "2", "3", "3a", "3(1)", "5"))}
    )
    assert act.written() == "1 2! 22(1)a:1-3,3a,3(1),5"
    assert Inventory.read(act.written()) == act


@given(st.lists(st.from_regex(r"[1-9][0-9]?(\([1-9]\))?[a-c]?", fullmatch=True), unique=True).map(tuple))
def test_shortened_numbers_are_spelled_out_the_same(numbers: tuple[str, ...]) -> None:
    assert spelled_out(shortened(numbers)) == numbers


@pytest.mark.parametrize(
    ("act", "number", "place"),
    [
        ("kc", "415", "taken"),
        ("kc", "1088", "taken"),
        ("kc", "1089", "beyond"),
        ("kc", "1523", "beyond"),
        ("kc", "4171", "free"),  # 417(1) in flat writing
        ("kc", "7091", "free"),
        ("kc", "400", "free"),  # 397-404 are gone as a range
        ("kc", "709(2)", "free"),  # between numbers that are there
        ("kc", "576(3)", "free"),  # a whole group that the texts have lost
        ("kc", "415(7)", "beyond"),
        ("kc", "415a", "beyond"),  # this code adds by raised digits
        ("kpc", "505(37)", "taken"),
        ("kpc", "1145(1)", "free"),
        ("kpc", "393(12)", "free"),
        ("kpc", "479(18)", "free"),
        ("kpc", "1218", "beyond"),
        ("kk", "178a", "taken"),
        ("kk", "299a", "free"),
        ("kk", "178k", "beyond"),
        ("kk", "364", "beyond"),
        ("kk", "148(1)", "beyond"),  # this one by letters
        ("kks", "106ł", "taken"),
        ("kks", "53", "free"),
        ("kpa", "200a", "free"),
        ("kpa", "145aa", "taken"),
    ],
)
def test_only_what_surely_never_was_is_beyond(act: str, number: str, place: Place) -> None:
    assert shipped().acts[act].numbers.place_of(number) == place


def test_an_excerpt_of_an_act_says_nothing_about_other_numbers() -> None:
    assert Numbers(["1", "2", "500"]).place_of("501") == "free"
    assert Numbers(map(str, range(1, 501))).place_of("501") == "beyond"


@pytest.mark.parametrize(
    ("paragraph", "place"),
    [("2", "taken"), ("3", "free"), ("2a", "free"), ("6", "free"), ("7", "beyond"), ("11", "free"), ("12", "beyond")],
)
def test_a_paragraph_far_beyond_the_last_one_surely_never_was(paragraph: str, place: Place) -> None:
    assert Article(("1", "1(1)", "2")).place_of(paragraph) == place


@given(st.lists(st.from_regex(r"[1-9][0-9]{0,2}(\([1-9]\))?[a-c]?", fullmatch=True), min_size=1, unique=True))
def test_what_an_act_has_is_taken(numbers: list[str]) -> None:
    held = Numbers(numbers)
    assert {held.place_of(number) for number in numbers} == {"taken"}
