"""Near-duplicates: speed, memory and rightness of `groups` on made-up rows; run it with rows and workers, or alone.

    python benchmarks/near_duplicates.py 10000 100000 1000000 --workers 2 --topic 100000

Every measurement is a process of its own, so that its peak of memory is its own. CPU seconds are of all processes.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from random import Random

BASE, NEAR_DUPLICATES = 0.78, 0.20  # the rest cites another article: a hard negative
PLAIN = str.maketrans("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzACELNOSZZ")

WHO = """pracodawca najemca wynajmujący spadkobierca dłużnik wierzyciel sprzedawca kupujący pracownik wspólnik
małżonek lokator darczyńca obdarowany zamawiający wykonawca przewoźnik nadawca ubezpieczyciel ubezpieczony
poręczyciel komornik zastawnik użytkownik dzierżawca leasingobiorca pełnomocnik mocodawca powód pozwany oskarżony
pokrzywdzony podatnik płatnik konsument przedsiębiorca deweloper nabywca pośrednik zarządca kurator opiekun rodzic
współwłaściciel likwidator syndyk prokurent akcjonariusz udziałowiec zleceniodawca zleceniobiorca administrator
wnioskodawca uczestnik"""
DOES = """wypowiada kwestionuje uchyla zgłasza podważa wykonuje odrzuca przyjmuje zaskarża potwierdza uzupełnia
doręcza odwołuje zawiera rozwiązuje przedłuża zabezpiecza egzekwuje umarza potrąca rozlicza waloryzuje obniża
podwyższa wydaje zatrzymuje przenosi obciąża wykreśla ujawnia zataja opóźnia przyspiesza zastrzega cofa ponawia
prostuje unieważnia znosi ustanawia ogranicza dzieli oddaje użycza remontuje ubezpiecza reklamuje zwraca naprawia
wymienia ocenia bada"""
WHAT = """umowę uchwałę postanowienie roszczenie wniosek oświadczenie sprzeciw reklamację zachowek darowiznę
testament hipotekę służebność zadatek kaucję czynsz odsetki odszkodowanie zadośćuczynienie rentę alimenty
pełnomocnictwo nakaz wyrok ugodę zastaw poręczenie weksel fakturę rachunek protokół wezwanie zawiadomienie zażalenie
apelację skargę pozew replikę opinię decyzję zezwolenie koncesję licencję patent gwarancję rękojmię polisę składkę
zasiłek emeryturę urlop nadgodziny delegację premię odprawę świadectwo regulamin statut udział akcję dywidendę
sprawozdanie bilans księgę mapę działkę lokal garaż piwnicę drogę"""
WHICH = """najmu dzierżawy zlecenia sprzedaży dostawy przewozu spedycji leasingu kredytu pożyczki użyczenia składu
agencji przechowania dożywocia darowizny pracy dzieła budowy spółki franczyzy faktoringu depozytu poręczenia
ubezpieczenia zamiany komisu renty faktoringowej przedwstępnej pisemnej ustnej notarialnej warunkowej terminowej
zbiorowej milczącej odnowionej spornej przedawnionej wymagalnej zabezpieczonej solidarnej podzielnej rodzinnej
majątkowej handlowej"""
WHEN = """po upływie wyznaczonego terminu|jeżeli druga strona dopuszcza się zwłoki|bez zgody współwłaścicieli
z ważnych powodów|za pośrednictwem pełnomocnika|w razie rażącego niedbalstwa|chyba że umowa stanowi inaczej
w formie aktu notarialnego|mimo wcześniejszego wezwania|przed wszczęciem egzekucji|na podstawie ustnych ustaleń
w toku kontroli skarbowej|po ogłoszeniu upadłości|w czasie choroby|z winy osoby trzeciej|na skutek błędu
pod wpływem groźby|w imieniu małoletniego|za zgodą sądu|w granicach zwykłego zarządu|na rzecz osoby bliskiej
w okresie wypowiedzenia|po śmierci strony|przed odbiorem robót|w drodze przetargu|na wniosek prokuratora
w trybie uproszczonym|z naruszeniem dobrych obyczajów|bez zachowania formy|ze skutkiem wstecznym
w zamian za zwolnienie z długu|mimo toczącej się mediacji"""
ASKED = """Czy|Kiedy|W jakich okolicznościach|Na jakiej podstawie|Dlaczego|Jak|Od kiedy|Z jakim skutkiem
Za czyją zgodą"""
LINKS = """Co do zasady|Natomiast|Wyjątkowo|W praktyce|Z kolei|Ponadto|Jednakże|W takiej sytuacji|Zdaniem sądów
Wówczas"""
CODES = """k.c.|k.p.|k.r.o.|k.p.c.|k.s.h.|k.p.a."""


def main() -> None:
    """Print one line a measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--topic", type=int, default=0, help="also so many rows of one topic, all alike")
    parser.add_argument("--alternative", type=int, default=10_000, help="rows for rensa as shipped; 0: none")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        print(json.dumps(measured(asked.measure[0], Path(asked.measure[1]), asked.workers)))
        return
    print(
        f"{'method':<22}{'rows':>9}{'cpu s':>8}{'rows/cpu s':>11}{'wall s':>8}{'+MB':>6}{'P':>8}{'R':>8}{'merged':>8}"
    )
    for rows in asked.rows:
        report("groups", corpus(rows, seed=1), asked.workers)
    if asked.topic:
        report("groups, one topic", topic(asked.topic, seed=2), asked.workers)
    if asked.alternative:
        report("groups", corpus(asked.alternative, seed=3), 1)
        report("rensa as shipped", corpus(asked.alternative, seed=3), 1)


def report(method: str, rows: Iterable[tuple[int, str]], workers: int) -> None:
    """Measure in a fresh process and print the line; the rows' true groups stay here."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.jsonl"
        truth: list[int] = []
        with path.open("w", encoding="utf-8") as file:
            for group, text in rows:
                truth.append(group)
                file.write(json.dumps(text, ensure_ascii=False) + "\n")
        command = [sys.executable, __file__, "--workers", str(workers), "--measure", method, str(path)]
        run = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    found = run["groups"]
    hits, proposed, true = pairs(zip(found, truth, strict=True)), pairs(found), pairs(truth)
    merged = merged_negatives(found, truth)
    print(
        f"{method:<22}{len(truth):>9}{run['cpu']:>8.1f}{len(truth) / run['cpu']:>11.0f}{run['wall']:>8.1f}"
        f"{run['megabytes']:>6.0f}{hits / max(1, proposed):>8.4f}{hits / max(1, true):>8.4f}{merged:>8}",
        flush=True,
    )


def measured(method: str, path: Path, workers: int) -> dict[str, object]:
    """Groups of the texts of a file, and what finding them took."""
    find = shipped if method.startswith("rensa") else house(workers)
    find(texts_of(path, most=300))  # imports, and what is made once
    before, started, spent = peak(), time.perf_counter(), cpu()
    found = find(texts_of(path))
    wall = time.perf_counter() - started
    return {"groups": found, "cpu": cpu() - spent, "wall": wall, "megabytes": peak() - before}


def house(workers: int) -> Callable[[Iterable[str]], list[int]]:
    """Groups as Paragraf finds them; the workers live as long as one call, so that their time is counted."""
    from paragraf.runner import HERE, Processes
    from paragraf.similarity import groups

    def find(texts: Iterable[str]) -> list[int]:
        if workers == 1:
            return groups(texts, runner=HERE)
        with Processes(workers) as runner:
            return groups(texts, runner=runner)

    return find


def shipped(texts: Iterable[str]) -> list[int]:
    """Groups by rensa's own de-duplicator on the same grams: no guard, no exact measuring."""
    from rensa import RMinHash, RMinHashDeduplicator

    from paragraf.similarity import DisjointSets
    from paragraf.text import normal_form

    deduplicator = RMinHashDeduplicator(threshold=0.7, num_perm=128, use_lsh=True, num_bands=16)
    forms = [normal_form(text) for text in texts]
    grams = [list({form[at : at + 5] for at in range(max(1, len(form) - 4))}) for form in forms]
    sketches = RMinHash.from_token_sets(grams, num_perm=128, seed=42)
    sets = DisjointSets(len(forms))
    for position, sketch in enumerate(sketches):
        for other in deduplicator.get_duplicates(sketch):
            sets.join(int(other), position)
        deduplicator.add(str(position), sketch)
    return sets.lowest()


def cpu() -> float:
    """Seconds that this process and its ended children worked."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def peak() -> float:
    """Most memory that this process ever held since it began, in MB; getrusage would count what its parent held."""
    status = Path("/proc/self/status").read_text("utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def texts_of(path: Path, most: int = sys.maxsize) -> Iterator[str]:
    """Texts of the file one after the other, none held."""
    with path.open(encoding="utf-8") as file:
        for _, line in zip(range(most), file, strict=False):
            yield json.loads(line)


def corpus(rows: int, seed: int) -> Iterator[tuple[int, str]]:
    """Texts with the number of their true group, shuffled within some thousands of rows.

    A hard negative has its origin's number below zero, less one.
    """
    random = Random(seed)
    window: list[tuple[int, str]] = []
    held: list[tuple[int, str]] = []  # what can still be changed
    citing: list[tuple[int, str, int]] = []  # what can still be contradicted
    for number in range(rows):
        kind = random.random() if citing else 0.0
        if kind < BASE:
            article = random.choice([0, random.randint(1, 900)])
            text = row(random, article)
            window.append((number, text))
            held.append((number, text))
            if article:
                citing.append((number, text, article))
        elif kind < BASE + NEAR_DUPLICATES:
            group, text = random.choice(held)
            window.append((group, random.choice(CHANGES)(text, random)))
        else:
            group, text, article = citing.pop(random.randrange(len(citing)))
            window.append((-group - 1, text.replace(f"art. {article} ", f"art. {article + 1} ")))
        del held[:-5000], citing[:-5000]
        if len(window) == 5000:
            random.shuffle(window)
            yield from window
            window = []
    random.shuffle(window)
    yield from window


def topic(rows: int, seed: int) -> Iterator[tuple[int, str]]:
    """Rows of one wording in which a few words change: all are near to many others."""
    random = Random(seed)
    frame = ["Czy {}", *(sentence(random) + "." for _ in range(4)), "{} {}"]
    for _ in range(rows):
        yield 0, " ".join(frame).format(one(WHAT, random), one(WHICH, random), one(WHEN, random))


def row(random: Random, article: int) -> str:
    """A question and an answer of about 445 characters; half of them cite an article, so that half have no number."""
    question = f"{one(ASKED, random)} {sentence(random)}?"
    answer = " ".join(f"{one(LINKS, random)} {sentence(random)}." for _ in range(random.randint(2, 4)))
    basis = f" Podstawa: art. {article} {one(CODES, random)}" if article else ""
    return f"{question} {answer}{basis}"


def sentence(random: Random) -> str:
    """A clause of legal words that makes little sense."""
    parts = [WHO, DOES, WHAT, WHICH, WHEN]
    return " ".join(one(words, random) for words in parts) + " oraz " + " ".join(one(w, random) for w in parts[1:4])


def one(words: str, random: Random) -> str:
    """One of the words or phrases."""
    return random.choice(_listed(words))


@lru_cache
def _listed(words: str) -> list[str]:
    return words.replace("\n", "|").split("|") if "|" in words else words.split()


def typos(text: str, random: Random) -> str:
    """Two letters typed wrong."""
    for _ in range(2):
        place = random.randrange(20, len(text) // 2)
        text = text[:place] + random.choice("aeiounwz") + text[place + 1 :]
    return text


def without_a_word(text: str, random: Random) -> str:
    """One of the first words is missing."""
    words = text.split(" ")
    del words[random.randint(3, 12)]
    return " ".join(words)


def swapped(text: str, random: Random) -> str:
    """Two neighbouring words change places."""
    words = text.split(" ")
    place = random.randint(3, 12)
    words[place : place + 2] = reversed(words[place : place + 2])
    return " ".join(words)


CHANGES: tuple[Callable[[str, Random], str], ...] = (
    lambda text, _: text.upper(),
    lambda text, _: text.translate(PLAIN),
    lambda text, _: text.replace("? ", "?\n\n").replace(". ", " .  "),
    lambda text, _: f"Dzień dobry, proszę o pomoc w takiej sprawie. {text}",
    lambda text, _: f"{text} Z góry serdecznie dziękuję za odpowiedź!",
    lambda text, _: f"{text} Stan prawny może ulec zmianie, warto poradzić się prawnika.",
    typos,
    without_a_word,
    swapped,
)


def pairs(names: Iterable[Hashable]) -> int:
    """How many pairs of positions have one name."""
    return sum(count * (count - 1) // 2 for count in Counter(names).values())


def merged_negatives(found: Sequence[int], truth: Sequence[int]) -> int:
    """How many hard negatives are in a group with their origin."""
    origins: dict[int, set[int]] = {}
    for group, true in zip(found, truth, strict=True):
        origins.setdefault(true, set()).add(group)
    return sum(not groups.isdisjoint(origins.get(-true - 1, ())) for true, groups in origins.items() if true < 0)


if __name__ == "__main__":
    main()
