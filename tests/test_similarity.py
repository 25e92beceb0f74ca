import json
import re
import tempfile
from collections import Counter
from collections.abc import Hashable, Iterable
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paragraf.runner import Processes
from paragraf.similarity import DisjointSets, groups, leaks, nearest_leaks, particulars
from paragraf.similarity.buckets import across
from paragraf.similarity.sketches import Ints, Shape, sketched
from paragraf.text import normal_form, numbers

EXAMS = Path(__file__).parents[2] / "shared" / "data" / "exams-2012-2019.jsonl"

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
TELLING = """art. 178a § 1 22¹ k.k. k. p. c. kc lit. a litera bc litery d) kodeksu karnego Kodeks postępowania cywilnego
kodeks pracy nie bez Nie dwa trzech pięciu 5set dwanaście dwudziestu pięćset tysiąca drugiej trzeciego osobom II VIII X
I V w z o i a ż 3a4b a1 1a w2w albo umowy termin_2b ² 7² sto czterysta połowę pierwszy""".split()  # noqa: SIM905
PARTICULAR = [
    r"\w*\d\w*[a-z]\w*",
    r"\blit(?:era|ery)? [a-z]{1,2}\b",
    r"\bkodeks\w* (?:postepowania )?\w{4}",
    r"\b[a-z](?: [a-z])+\b",
    r"\b(?:nie|bez)\b",
    r"\b(?:dw(?:a|ie|och|om|oma|u)|trz(?:y|ech|em|ema)|czter(?:y|ech|em|ema)|(?:piec|szesc|dziewiec|dziesiec)(?:iu)?"
    r"|sied(?:em|miu)|os(?:iem|miu)|\w+nas(?:cie|tu)|dw(?:adziescia|udziestu)|\w+(?:dziesci|dziestu|dziesiat)"
    r"|\w+dziesieciu|sto|stu|dwiescie|\w+sta|\w+set|tysi\w+|polow\w+"
    r"|pierwsz\w{1,3}|drug\w{1,3}|trzec\w{1,4}|czwart\w{1,3}|piat\w{1,3}|szost\w{1,3}|osob\w+)\b",
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
    question = "Czy najemca może wypowiedzieć umowę najmu lokalu?"
    assert groups([]) == []
    assert leaks([], [question]) == leaks([question], []) == []
    assert nearest_leaks([], [question]) == [None]
    assert nearest_leaks([question], []) == []


@pytest.mark.parametrize("threshold", [0.5, 0.7, 0.8, 0.9, 1.0])
def test_groups_are_those_of_comparing_all_pairs(threshold: float) -> None:
    texts = edited(300, seed=4)
    assert groups(texts, threshold) == all_pairs(texts, threshold)


@pytest.mark.parametrize("threshold", [0.7, 0.8, 0.9])
def test_no_leak_is_missed(threshold: float) -> None:
    texts = edited(400, seed=5)
    train, other = texts[:200], texts[200:]
    expected = near_pairs(train, other, threshold)
    lowest = {query: position for position, query, _ in reversed(expected)}
    assert leaks(train, other, threshold) == expected
    assert nearest_leaks(train, other, threshold) == [lowest.get(query) for query in range(200)]


@pytest.mark.skipif(not EXAMS.is_file(), reason="the exam questions are not at hand")
def test_no_retyped_exam_question_leaks_unseen() -> None:
    random = Random(6)
    items = [json.loads(line) for line in EXAMS.read_text("utf-8").splitlines()[:400]]
    questions = [f"{item['question']} {' '.join(item['choices'].values())}" for item in items]
    retyped = [edit(question, random, 3) for question in questions]
    assert leaks(questions, retyped) == near_pairs(questions, retyped, 0.7)


def test_pairs_at_the_threshold_are_nearly_always_proposed() -> None:
    random = Random(7)
    shape = Shape.of(0.7)
    twins = [twin_at(0.7, random) for _ in range(500)]
    one, other = (sketched(shape, numbers, [normal_form(twin[side]) for twin in twins]) for side in (0, 1))
    unmet = int((~(one.keys == other.keys).any(axis=0)).sum())
    differing = np.bitwise_count(one.bits[0] ^ other.bits[0]).sum(axis=0)
    assert unmet <= 2
    assert int((differing > shape.most_differing[0]).sum()) <= 1


def test_several_processes_find_the_same_in_texts_that_are_read_once() -> None:
    texts = [text for _, text in corpus(4100, seed=8)]
    with Processes(2) as runner:
        assert groups(iter(texts), runner=runner) == groups(texts)
        assert nearest_leaks(iter(texts[:2050]), iter(texts[2050:]), runner=runner) == nearest_leaks(
            texts[:2050], texts[2050:]
        )


def test_rows_that_are_joined_are_not_compared() -> None:
    rows = np.arange(100_000)
    labels = np.zeros(100_000, np.int64)
    labels[[17, 50_000]] = 1, 2
    pairs = list(across(rows, np.ones(99_999, bool), lambda asked: labels[asked]))
    assert sum(len(right) for _, right in pairs) == 99_999 + 99_998


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=150), st.booleans())
@settings(max_examples=60, deadline=None)
def test_every_pair_of_a_bucket_with_two_labels_is_named_once(rows: list[tuple[int, int]], wide: bool) -> None:
    held = sorted(rows * 3 if wide else rows)
    keys, labels = np.array([key for key, _ in held]), np.array([label for _, label in held], np.int64)
    named: Counter[tuple[int, int]] = Counter()
    for left, right in across(np.arange(len(held)), keys[1:] == keys[:-1], lambda asked: labels[asked]):
        named.update(tuple(sorted(pair)) for pair in np.broadcast(left, right))  # type: ignore[misc]
    expected = [
        (one, other)
        for other in range(len(held))
        for one in range(other)
        if keys[one] == keys[other] and labels[one] != labels[other]
    ]
    assert named == Counter(expected)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=60))
def test_disjoint_sets_name_what_is_connected_by_its_lowest_position(joins: list[tuple[int, int]]) -> None:
    sets, names = DisjointSets(31), list(range(31))
    for one, other in joins:
        sets.join(one, other)
        low, high = sorted((names[one], names[other]))
        names = [low if name == high else name for name in names]
    some: Ints = np.array([30, 3, 3, 17])
    assert sets.lowest_of(some).tolist() == [names[position] for position in some]
    assert sets.lowest() == names


def test_a_guard_that_fails_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(ZeroDivisionError):
        groups(["Czy najemca może wypowiedzieć umowę najmu lokalu?"], guard=lambda text: 1 // 0)
    assert list(tmp_path.iterdir()) == []


def test_letters_of_any_alphabet_are_compared() -> None:
    texts = [
        "Что делает 法律 gdy umowa wygasa 𝒜 przed terminem?",
        "что делает 法律, gdy umowa wygasa 𝒜 przed terminem",
    ]
    assert groups([*texts, ""]) == [0, 0, 2]


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


@given(st.lists(st.sampled_from(TELLING), max_size=12).map(" ".join) | st.text(max_size=40))
@settings(max_examples=300)
def test_particulars_are_what_the_patterns_find_in_the_whole_form(text: str) -> None:
    form = normal_form(text)
    telling = [match[0] for pattern in PARTICULAR for match in re.finditer(pattern, form)]
    romans = re.findall(r"\b(?:[IVX]{2,}|V|X)\b", text)
    assert particulars(text) == (*numbers(text), *sorted(telling), *sorted(romans))


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


def edited(rows: int, seed: int) -> list[str]:
    """Texts with copies at every distance, some of them with another number or too short to compare."""
    random = Random(seed)
    made = ["Umowa najmu lokalu", "umowa najmu, lokalu"]
    while len(made) < rows:
        kind = random.random()
        if kind < 0.3:
            made.append(f"{sentence(random)}? {sentence(random)}. {random.choice(['', 'Art. 5.', 'Art. 6.'])}")
        else:
            made.append(edit(random.choice(made), random, random.randint(0, 12)))
    random.shuffle(made)
    return made


def edit(text: str, random: Random, times: int) -> str:
    """The text with so many letters replaced, words dropped or phrases added."""
    for _ in range(times):
        place, kind = random.randrange(len(text)), random.random()
        if kind < 0.6:
            text = text[:place] + random.choice("aeiouzwk") + text[place + 1 :]
        elif kind < 0.8 and text.count(" ") > 1:
            words = text.split(" ")
            del words[random.randrange(len(words))]
            text = " ".join(words)
        else:
            text = f"{text} {random.choice(WHEN)}"
    return text


def twin_at(threshold: float, random: Random) -> tuple[str, str]:
    """Two texts that are just as near as the threshold."""
    while True:
        one = other = " ".join(sentence(random) for _ in range(4))
        while (jaccard := likeness(one, other)) > threshold + 0.02:
            other = edit(other, random, 1)
        if jaccard >= threshold:
            return one, other


def likeness(one: str, other: str) -> float:
    shared = len(grams(one) & grams(other))
    return shared / (len(grams(one)) + len(grams(other)) - shared)


@cache
def grams(text: str) -> frozenset[str]:
    form = normal_form(text)
    return frozenset(form[at : at + 5] for at in range(max(1, len(form) - 4)))


guard_of = lru_cache(maxsize=None)(numbers)
form_of = lru_cache(maxsize=None)(normal_form)


def are_near(one: str, other: str, threshold: float) -> float:
    """How near two texts are by definition, 0 if they are not near-duplicates."""
    if guard_of(one) != guard_of(other):
        return 0.0
    if form_of(one) == form_of(other):
        return 1.0
    if min(form_of(one).count(" "), form_of(other).count(" ")) < 4:
        return 0.0
    jaccard = likeness(one, other)
    return jaccard if jaccard >= threshold else 0.0


def near_pairs(train: list[str], other: list[str], threshold: float) -> list[tuple[int, int, float]]:
    found = (
        (position, query, are_near(seen, asked, threshold))
        for position, seen in enumerate(train)
        for query, asked in enumerate(other)
    )
    return [pair for pair in found if pair[2]]


def all_pairs(texts: list[str], threshold: float) -> list[int]:
    sets = DisjointSets(len(texts))
    for one, other in combinations(range(len(texts)), 2):
        if are_near(texts[one], texts[other], threshold):
            sets.join(one, other)
    return sets.lowest()
