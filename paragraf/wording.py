"""Wording: the Polish names, explanations and numbers that people read in reports; an unknown name stays as it is."""

import re
from math import floor, isfinite, log10

from paragraf.intervals import Estimate
from paragraf.measure_words import is_share

NOT_MEASURED = "—"
_SPACE = "\N{NO-BREAK SPACE}"
_FEWEST_GROUPED = 10_000  # Polish spelling leaves four digits together

_CONTENDERS = {
    "base": ("Model bazowy", "samo pytanie"),
    "base_prompted": ("Model bazowy, dobrany prompt", "pytanie po najlepszym z kilku poleceń"),
    "base_few_shot": ("Model bazowy, przykłady", "przed pytaniem podobne pytania z części treningowej z odpowiedziami"),
    "base_rag": ("Model bazowy, materiały (RAG)", "nad pytaniem wyszukane odpowiedzi treningowe i przepisy"),
    "tuned": ("Po fine-tuningu", "samo pytanie"),
    "champion": ("Dotychczasowy model", "samo pytanie, zadane tak jak w jego treningu"),
    "tuned_rag": ("Po fine-tuningu, materiały (RAG)", "nad pytaniem wyszukane odpowiedzi treningowe i przepisy"),
}

_OUTCOMES = {"accurate": "trafna", "incomplete": "niepełna", "abstained": "odmowa", "hallucinated": "błędna"}

_REASONS = {
    "bad_row": ("nieczytelne", "wiersza nie da się odczytać jako pytania z odpowiedzią"),
    "empty_question": ("puste pytanie", "w pytaniu nie ma słów"),
    "empty_answer": ("pusta odpowiedź", "w odpowiedzi nie ma słów"),
    "boilerplate": ("formułka", "odpowiedź maszyny, sama odmowa albo miejsce do wypełnienia zamiast treści"),
    "echoes_question": ("echo pytania", "odpowiedź tylko powtarza pytanie"),
    "too_short": ("za krótkie", "pytanie lub odpowiedź ma za mało znaków, by czegoś uczyć"),
    "too_long": ("za długie", "odpowiedź przekracza dopuszczoną długość"),
    "not_polish": ("nie po polsku", "pytanie z odpowiedzią są w innym języku"),
    "exact_duplicate": ("powtórzone", "to samo pytanie z tą samą odpowiedzią już jest"),
    "near_duplicate": ("prawie powtórzone", "prawie takie samo pytanie i odpowiedź, z tymi samymi liczbami, już są"),
    "variant_equals_origin": ("wariant bez zmian", "wariant pytania nie różni się od oryginału"),
    "equals_test_row": ("jak w teście", "wariant powtarza pytanie z części walidacyjnej lub testowej"),
    "over_target": ("ponad cel", "dziedzina lub rodzaj miał już dość wierszy"),
    "negation_changed": ("zmienione przeczenie", "wariant zaprzecza temu, co mówi oryginał"),
    "modality_changed": ("zmieniona powinność", "może, musi, wolno: wariant mówi o czym innym"),
    "opposite_changed": ("odwrócony sens", "słowo zastąpione przeciwnym: przed i po, za zgodą i bez zgody"),
    "verdict_changed": ("zmienione rozstrzygnięcie", "odpowiedź twierdząca stała się przeczącą albo odwrotnie"),
    "choice_changed": ("zmieniony wybór", "inna litera właściwej odpowiedzi"),
    "contrast_uncorrected": ("niesprostowane założenie", "odpowiedź nie prostuje fałszywego założenia"),
    "damaged_text": ("zniszczony tekst", "zgubione litery, których nie da się odtworzyć"),
    "incomplete": ("urwana odpowiedź", "odpowiedź kończy się w pół zdania"),
    "fabricated_citation": ("nieistniejący przepis", "odpowiedź powołuje przepis, którego na pewno nie ma"),
    "personal_data": ("dane osobowe", "wiersz zawiera dane osobowe, a ustawienia każą takie odrzucać"),
    "learned_before": ("już wyuczone", "prawie takie samo pytanie i odpowiedź znała wcześniejsza wersja modelu"),
    "tested_before": ("już w teście", "prawie takim samym pytaniem sprawdzano wcześniejszą wersję modelu"),
    "whitespace": ("odstępy", "zbędne spacje i puste wiersze"),
    "control_characters": ("znaki sterujące", "znaki niewidoczne i sterujące"),
    "encoding_repaired": ("kodowanie", "naprawione polskie litery"),
    "html_removed": ("HTML", "usunięte znaczniki strony internetowej"),
    "composed_letters": ("złożone litery", "litera i jej znak zapisane osobno"),
    "rejoined_words": ("połączone słowa", "słowa rozerwane przy przenoszeniu do nowego wiersza"),
    "echo_removed": ("usunięte echo", "odpowiedź zaczynała się od powtórzenia pytania"),
}
_TECHNIQUES = {
    "variation": "inne sformułowanie",
    "template": "polecenie",
    "noise": "pisanie w pośpiechu",
    "contrast": "fałszywe założenie",
    "paraphrase": "parafraza",
    "back_translation": "tłumaczenie tam i z powrotem",
}
_MASKED = {
    "pesel": "PESEL",
    "nip": "NIP",
    "regon": "REGON",
    "krs": "KRS",
    "id_card": "dowód osobisty",
    "passport": "paszport",
    "iban": "rachunek bankowy",
    "phone": "telefon",
    "email": "e-mail",
    "address": "adres",
    "land_register": "księga wieczysta",
    "person": "imię i nazwisko",
}
_REASONS |= {
    f"masked_{kind}": (f"zamaskowane: {name}", "dane osobowe zastąpione oznaczeniem") for kind, name in _MASKED.items()
}
_EXPECTATIONS = {
    "Cleaning kept rows": "Po czyszczeniu zostały wiersze",
    "Every row has an id of its own": "Każdy wiersz ma własny identyfikator",
    "Every row asks something": "Każdy wiersz o coś pyta",
    "Every row answers something": "Każdy wiersz na coś odpowiada",
    "Questions and answers are in Polish": "Pytania i odpowiedzi są po polsku",
    "Answers cite a provision": "Odpowiedzi podają przepis",
    "Few questions are asked twice": "Mało pytań pada dwa razy",
    "No area of law outweighs all others": "Żadna dziedzina prawa nie przeważa nad wszystkimi innymi",
    "The source holds enough rows": "Źródło ma dość wierszy",
    "At least 90 % of the rows ask something": "Co najmniej 90% wierszy o coś pyta",
    "At least 90 % of the rows answer something": "Co najmniej 90% wierszy na coś odpowiada",
    "No answer is a whole document": "Żadna odpowiedź nie jest całym dokumentem",
    "There are rows to split": "Są wiersze do podziału",
    "Every row stands in one part only": "Każdy wiersz jest tylko w jednej części",
    "Train, validation and test all hold rows": "Trening, walidacja i test mają wiersze",
    "There are enough training rows": "Jest dość wierszy do treningu",
    "Every row has a lineage group": "Każdy wiersz ma grupę pochodzenia",
    "No lineage group stands in two parts": "Żadna grupa pochodzenia nie jest w dwóch częściach",
    "No row is a near-duplicate of a row of another part": "Żaden wiersz nie jest prawie powtórzeniem z innej części",
    "Only training rows were augmented": "Warianty powstały tylko z wierszy treningowych",
    "Every row that was looked at has an id of its own": "Każdy obejrzany wiersz ma własny identyfikator",
    "No row holds personal data": "Żaden wiersz nie zawiera danych osobowych",
    "Answers are written with Polish letters": "Odpowiedzi są pisane polskimi literami",
    "Answers cite no provision that surely does not exist": "Odpowiedzi nie podają przepisów, których na pewno nie ma",
    "No training row has tested an earlier version": "Żaden wiersz treningowy nie testował wcześniejszej wersji",
    "No training row gives away a row of a benchmark": "Żaden wiersz treningowy nie zdradza pytania z benchmarku",
    "Every conversation that was counted has an id of its own": "Każda policzona rozmowa ma własny identyfikator",
    "Every conversation is short enough": "Każda rozmowa jest dość krótka",
    "Every row has enough to learn for its length": "W każdym wierszu jest czego się uczyć jak na jego długość",
    "There are enough tokens to train on": "Jest dość tokenów do treningu",
    "Loading and cleaning dropped few rows": "Wczytanie i czyszczenie odrzuciły mało wierszy",
    "Cleaning changed few rows": "Czyszczenie zmieniło mało wierszy",
    "Mentions of an article can be read as citations": "Wzmianki o artykułach dają się odczytać jako przepisy",
    "Rows use many different words": "W wierszach jest wiele różnych słów",
    "Rows use many different turns of phrase": "W wierszach jest wiele różnych zwrotów",
    "Words vary within a row": "Słowa zmieniają się także w obrębie wiersza",
    "Questions differ from each other": "Pytania różnią się od siebie",
    "Questions do not follow one template": "Pytania nie są zbudowane według jednego wzoru",
    "Areas of law are evenly represented": "Dziedziny prawa są reprezentowane równomiernie",
    "Items are of more than one type": "Wiersze są więcej niż jednego rodzaju",
    "Questions set more than one kind of task": "Pytania stawiają więcej niż jeden rodzaj zadań",
    "Answers are a large enough part of what is read": "Odpowiedzi są dość dużą częścią tego, co model czyta",
}
_SAMPLED = re.compile(r"(.*) \(seen in (\d+) of (\d+) rows(?:, margin ([\d.]+) points)?\)", re.DOTALL)
_FAILING_ROWS = re.compile(r"(\d+) of (\d+) rows fail")
_DECIMAL = re.compile(r"-?\d+\.\d+")
_PARTS = {"train": "trening", "valid": "walidacja", "test": "test"}
_SEVERITIES = {"critical": "krytyczne", "warning": "ostrzeżenie", "info": "informacja"}


def contender_name(name: str) -> str:
    """A model and the way in which it was asked, in Polish."""
    return _CONTENDERS.get(name, (name, ""))[0]


def contender_meaning(name: str) -> str:
    return _CONTENDERS.get(name, (name, ""))[1]


def reason_name(name: str) -> str:
    """A reason in Polish; one of augmentation begins with the technique that lost the row."""
    technique, _, reason = name.rpartition(":")
    said = "zaniechane" if reason.startswith("declined_") else _REASONS.get(reason, (reason, ""))[0]
    return f"{technique_name(technique)}: {said}" if technique else said


def reason_meaning(name: str) -> str:
    """What a dropped row is like; nothing for a reason that has no explanation yet."""
    reason = name.rpartition(":")[2]
    if reason.startswith("declined_"):
        return "reguła nie miała pewności co do gramatyki albo sensu"
    return _REASONS.get(reason, (reason, ""))[1]


def technique_name(name: str) -> str:
    """How a variant was made, in Polish."""
    return _TECHNIQUES.get(name, name)


def expectation(text: str) -> str:
    """What rows must satisfy, in Polish; the suite's own English for an expectation that was added or changed since."""
    if not (sampled := _SAMPLED.fullmatch(text)):
        return _EXPECTATIONS.get(text, text)
    said, seen, all_rows, points = sampled.groups()
    margin = f", z dokładnością do {points.replace('.', ',')} punktu procentowego" if points else ""
    return f"{expectation(said)} (na podstawie {number(int(seen))} z {number(int(all_rows))} wierszy{margin})"


def observed(found: str) -> str:
    """What an expectation found, in Polish if it is a number or a count of rows, else as it is."""
    if counts := _FAILING_ROWS.fullmatch(found):
        return f"nie spełnia {number(int(counts[1]))} z {number(int(counts[2]))} wierszy"
    if found == "all there":
        return "niczego nie brakuje"
    return found.replace(".", ",") if _DECIMAL.fullmatch(found) else found


def outcome(name: str) -> str:
    """What an answer comes to, in Polish."""
    return _OUTCOMES.get(name, name)


def part(name: str) -> str:
    return _PARTS.get(name, name)


def severity(name: str) -> str:
    return _SEVERITIES.get(name, name)


def number(value: float | None, digits: int = 3) -> str:
    """A number in Polish notation: decimal comma, groups of three, a true minus; huge ones as a power of ten."""
    if value is None or not isfinite(value):
        return NOT_MEASURED
    if abs(value) >= 1e6 and not isinstance(value, int):
        exponent = floor(log10(abs(value)))
        return f"{number(value / 10**exponent, 1)} · 10^{exponent}"
    plain = f"{abs(value):,.{0 if isinstance(value, int) else digits}f}"
    grouping = _SPACE if abs(value) >= _FEWEST_GROUPED else ""
    is_negative = value < 0 and any(digit in plain for digit in "123456789")
    return ("−" if is_negative else "") + plain.replace(",", grouping).replace(".", ",")


def percent(share: float | None, digits: int = 1) -> str:
    """A share (0 to 1) in percent."""
    text = number(None if share is None else share * 100.0, digits)
    return text if text == NOT_MEASURED else text + "%"


def amount(value: float | None, name: str) -> str:
    """A value of the measure `name`, in its own unit."""
    if is_share(name):
        return percent(value)
    return number(value, 1 if name == "perplexity" else 3)


def interval(estimate: Estimate, name: str) -> str:
    """The 95 % interval of an estimate; not measured ends are told so."""
    if estimate.low is None or estimate.high is None:
        return NOT_MEASURED
    return f"{amount(estimate.low, name)}–{amount(estimate.high, name)}"


def counted(count: int, one: str, few: str, many: str) -> str:
    """A count with its noun in the form that Polish asks for: 1 wiersz, 2 wiersze, 5 wierszy."""
    if count == 1:
        noun = one
    elif count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14):
        noun = few
    else:
        noun = many
    return f"{number(count)}{_SPACE}{noun}"
