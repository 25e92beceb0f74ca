from collections import Counter
from collections.abc import Hashable, Iterable
from random import Random

import pytest

from paragraf.similarity import groups, leaks, particulars

WHO = ["Pracodawca", "Najemca", "Spadkobierca", "Dłużnik", "Sprzedawca", "Pracownik", "Wspólnik", "Małżonek", "Lokator"]
DOES = ["może rozwiązać", "powinien zgłosić", "ma prawo podważyć", "musi wykonać", "wypowiada", "kwestionuje", "uchyla"]
WHAT = [
    "umowę najmu lokalu",
    "zaskarżone postanowienie",
    "roszczenie o zapłatę odsetek",
    "wniosek o wpis do księgi wieczystej",
    "oświadczenie o odrzuceniu spadku",
    "sprzeciw od nakazu zapłaty",
    "reklamację towaru",
    "uchwałę wspólnoty",
]
WHEN = [
    "w formie pisemnej",
    "po upływie wyznaczonego terminu",
    "jeżeli druga strona dopuszcza się zwłoki",
    "bez zgody pozostałych współwłaścicieli",
    "z ważnych powodów",
    "za pośrednictwem pełnomocnika",
    "w razie rażącego niedbalstwa",
    "chyba że umowa stanowi inaczej",
]
PLAIN = str.maketrans("ąćęłńóśźż", "acelnoszz")


def sentence(random: Random) -> str:
    return " ".join(random.choice(part) for part in (WHO, DOES, WHAT, WHEN, WHEN))


def corpus(rows: int, seed: int) -> list[tuple[str, str]]:
    """Texts with the name of their true group: near-duplicates of five kinds, and twins that cite another article."""
    random = Random(seed)
    made: list[tuple[str, str]] = []
    while len(made) < rows:
        article = random.randint(1, 900)
        text = f"{sentence(random)}? {sentence(random)}. {sentence(random)}. Podstawa: art. {article} § 1 k.c."
        name = f"group {len(made)}"
        place = random.randint(10, 60)
        changed = random.choice(
            [
                text.upper(),
                text.translate(PLAIN),
                text[:place] + "x" + text[place + 1 :],
                "Dzień dobry, proszę o pomoc. " + text,
                text.replace("? ", "?\n\n") + " Dziękuję!",
            ]
        )
        twin = text.replace(f"art. {article} ", f"art. {article + 1} ")
        made += [(name, text), (name, changed), (f"{name}, other article", twin)]
    random.shuffle(made)
    return made[:rows]


def test_near_duplicates_are_found_and_texts_with_other_numbers_are_never_merged() -> None:
    made = corpus(500, seed=1)
    truth = [name for name, _ in made]
    found = groups([text for _, text in made])
    both = pairs(zip(found, truth, strict=True))
    assert both / pairs(found) == 1.0
    assert both / pairs(truth) >= 0.98


def test_the_same_texts_give_the_same_groups_and_the_lowest_position_names_them() -> None:
    texts = [text for _, text in corpus(200, seed=2)]
    found = groups(texts)
    assert found == groups(texts)
    assert all(lowest <= position and found[lowest] == lowest for position, lowest in enumerate(found))


def test_no_texts_have_no_groups() -> None:
    assert groups([]) == []
    assert leaks([], ["Czy najemca może wypowiedzieć umowę najmu?"]) == []


def test_short_texts_merge_only_when_they_differ_in_typing() -> None:
    assert groups(["Umowa najmu lokalu", "umowa najmu, lokalu!", "Umowa najmu lokali"]) == [0, 0, 2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Co stanowi art. 415 kodeksu cywilnego o winie sprawcy?",
            "Co stanowi art. 416 kodeksu cywilnego o winie sprawcy?",
        ),
        ("Jakie uprawnienia daje pracownikowi art. 22¹ k.p.?", "Jakie uprawnienia daje pracownikowi art. 221 k.p.?"),
        ("Czy w terminie 7 dni trzeba złożyć odwołanie?", "Czy w terminie 14 dni trzeba złożyć odwołanie?"),
    ],
)
def test_another_number_keeps_texts_apart(one: str, other: str) -> None:
    assert groups([one, other]) == [0, 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kto odpowiada za czyn z art. 178a § 1 k.k.?", "Kto odpowiada za czyn z art. 178b § 1 k.k.?"),
        ("Co obejmuje art. 6 ust. 1 lit. a RODO?", "Co obejmuje art. 6 ust. 1 lit. b RODO?"),
        ("Co mówi art. 5 k.c. o prawie podmiotowym?", "Co mówi art. 5 k.p. o prawie podmiotowym?"),
        ("Termin wynosi dwa lata od wydania rzeczy.", "Termin wynosi trzy lata od wydania rzeczy."),
        ("Sąd pierwszej instancji rozpoznaje sprawę.", "Sąd drugiej instancji rozpoznaje sprawę."),
        ("Pracodawca może cofnąć zgodę na urlop.", "Pracodawca nie może cofnąć zgody na urlop."),
        ("Zgodnie z Kodeksem karnym sąd orzeka karę.", "Zgodnie z Kodeksem cywilnym sąd orzeka karę."),
        ("Wydział II Cywilny rozpoznaje sprawę.", "Wydział III Cywilny rozpoznaje sprawę."),
    ],
)
def test_particulars_tell_apart_what_the_digits_do_not(one: str, other: str) -> None:
    assert particulars(one) != particulars(other)


@pytest.mark.parametrize(
    "retyped",
    ["CO MÓWI ART. 5 § 2 K.C. O DWÓCH STRONACH?", "co mówi art 5 § 2 kc. o dwóch stronach".replace("kc", "k. c")],
)
def test_particulars_do_not_depend_on_typing(retyped: str) -> None:
    assert particulars("Co mówi art. 5 § 2 k.c. o dwóch stronach?") == particulars(retyped)


def test_leaks_name_both_positions_and_how_near_they_are() -> None:
    train = ["Kto dziedziczy po bezdzietnej wdowie?", "Czy najemca może wypowiedzieć umowę najmu lokalu?"]
    other = ["czy najemca moze wypowiedziec umowe najmu lokalu", "Jak odwołać się od mandatu karnego skarbowego?"]
    assert leaks(train, other) == [(1, 0, 1.0)]


def test_leaks_agree_with_groups_across_two_halves() -> None:
    texts = [text for _, text in corpus(300, seed=3)]
    found = groups(texts)
    for at_train, at_other, jaccard in leaks(texts[:150], texts[150:]):
        assert found[at_train] == found[150 + at_other]
        assert 0.7 <= jaccard <= 1


def pairs(names: Iterable[Hashable]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(names).values())
