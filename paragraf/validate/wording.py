"""Wording of the data doctor: the Polish names of numbers and kinds, and what to do about a rule that does not hold."""

from typing import Literal, NamedTuple

from paragraf.wording import number, percent

Unit = Literal["rows", "share", "mean", "index"]


class Named(NamedTuple):
    """A number's group on the page, its name, its unit and what it means."""

    group: str
    name: str
    unit: Unit
    meaning: str = ""


_SIZE, _QUALITY, _DIVERSITY = "Wielkość", "Jakość", "Różnorodność"
_BALANCE, _LEAKS, _LEARNING = "Równowaga", "Przecieki", "Nauka"

NUMBERS = {
    "rows_in": Named(_SIZE, "Wiersze na wejściu", "rows"),
    "rows_raw": Named(_SIZE, "Wiersze odczytane", "rows"),
    "rows_kept": Named(_SIZE, "Wiersze po czyszczeniu", "rows"),
    "rows_train": Named(_SIZE, "Wiersze: trening", "rows", "razem z wariantami"),
    "groups_train": Named(_SIZE, "Grupy pochodzenia: trening", "rows"),
    "rows_valid": Named(_SIZE, "Wiersze: walidacja", "rows"),
    "groups_valid": Named(_SIZE, "Grupy pochodzenia: walidacja", "rows"),
    "rows_test": Named(_SIZE, "Wiersze: test", "rows"),
    "groups_test": Named(_SIZE, "Grupy pochodzenia: test", "rows"),
    "question_chars_mean": Named(_SIZE, "Pytanie: średnio znaków", "mean"),
    "question_chars_max": Named(_SIZE, "Pytanie: najwięcej znaków", "rows"),
    "answer_chars_mean": Named(_SIZE, "Odpowiedź: średnio znaków", "mean"),
    "answer_chars_max": Named(_SIZE, "Odpowiedź: najwięcej znaków", "rows"),
    "tokens_train": Named(_SIZE, "Tokeny modelu: trening", "rows", "całe rozmowy, tokenizatorem modelu bazowego"),
    "tokens_valid": Named(_SIZE, "Tokeny modelu: walidacja", "rows"),
    "tokens_test": Named(_SIZE, "Tokeny modelu: test", "rows"),
    "tokens_total": Named(_SIZE, "Tokeny modelu: razem", "rows"),
    "tokens_mean": Named(_SIZE, "Tokeny modelu: średnio w rozmowie", "mean"),
    "tokens_max": Named(_SIZE, "Tokeny modelu: najwięcej w rozmowie", "rows"),
    "o200k_tokens_train": Named(_SIZE, "Tokeny o200k: trening", "rows", "jak w cenniku OpenAI"),
    "o200k_tokens_valid": Named(_SIZE, "Tokeny o200k: walidacja", "rows"),
    "o200k_tokens_test": Named(_SIZE, "Tokeny o200k: test", "rows"),
    "o200k_tokens_total": Named(_SIZE, "Tokeny o200k: razem", "rows"),
    "o200k_tokens_mean": Named(_SIZE, "Tokeny o200k: średnio w rozmowie", "mean"),
    "o200k_tokens_max": Named(_SIZE, "Tokeny o200k: najwięcej w rozmowie", "rows"),
    "rows_looked_at": Named(_SIZE, "Wiersze obejrzane słowo po słowie", "rows"),
    "rows_counted_in_tokens": Named(_SIZE, "Rozmowy policzone w tokenach", "rows"),
    "rows_compared": Named(_SIZE, "Wiersze porównane między sobą", "rows", "do miar różnorodności"),
    "empty_share": Named(_QUALITY, "Puste pytanie lub odpowiedź", "share", "wśród wierszy odczytanych"),
    "too_long_share": Named(_QUALITY, "Za długie odpowiedzi", "share", "wśród wierszy odczytanych"),
    "dropped_share": Named(_QUALITY, "Odrzucone wiersze", "share", "przy wczytaniu i czyszczeniu"),
    "changed_share": Named(_QUALITY, "Zmienione wiersze", "share", "wśród wierszy po czyszczeniu"),
    "single_question_share": Named(_QUALITY, "Pytania, które padają raz", "share"),
    "polish_share": Named(_QUALITY, "Wiersze po polsku", "share"),
    "no_personal_data_share": Named(_QUALITY, "Wiersze bez danych osobowych", "share"),
    "cited_share": Named(_QUALITY, "Odpowiedzi z przepisem", "share"),
    "articles_mentioned": Named(_QUALITY, "Wzmianki o artykułach", "rows", "w obejrzanych odpowiedziach"),
    "read_share": Named(_QUALITY, "Odczytane wzmianki o artykułach", "share"),
    "sound_share": Named(_QUALITY, "Odpowiedzi bez zmyślonych przepisów", "share", "przepis na pewno nie istnieje"),
    "accented_share": Named(_QUALITY, "Odpowiedzi z polskimi literami", "share", "krótkich nie licząc"),
    "distinct_words": Named(_DIVERSITY, "Różne słowa", "share", "na każde 1000 słów losowych wierszy"),
    "distinct_pairs": Named(_DIVERSITY, "Różne pary słów", "share", "na każde 1000 słów losowych wierszy"),
    "moving_type_token_ratio": Named(_DIVERSITY, "Różne słowa w ruchomym oknie", "share", "okno 100 słów (MATTR)"),
    "question_likeness": Named(_DIVERSITY, "Podobieństwo do najbliższego pytania", "index", "średni cosinus, 0 do 1"),
    "question_likeness_to_all": Named(
        _DIVERSITY, "Podobieństwo do wszystkich pytań", "index", "średni cosinus, 0 do 1"
    ),
    "area_count": Named(_BALANCE, "Dziedziny prawa", "rows"),
    "area_largest_share": Named(_BALANCE, "Największa dziedzina", "share"),
    "area_smallest_share": Named(_BALANCE, "Najmniejsza dziedzina", "share"),
    "area_evenness": Named(_BALANCE, "Równomierność dziedzin", "index", "entropia, 1: wszystkie równe"),
    "task_count": Named(_BALANCE, "Rodzaje zadań", "rows"),
    "task_largest_share": Named(_BALANCE, "Najczęstszy rodzaj zadań", "share"),
    "task_smallest_share": Named(_BALANCE, "Najrzadszy rodzaj zadań", "share"),
    "task_evenness": Named(_BALANCE, "Równomierność zadań", "index", "entropia, 1: wszystkie równe"),
    "item_type_count": Named(_BALANCE, "Rodzaje wierszy", "rows"),
    "item_type_largest_share": Named(_BALANCE, "Najczęstszy rodzaj wierszy", "share"),
    "item_type_smallest_share": Named(_BALANCE, "Najrzadszy rodzaj wierszy", "share"),
    "item_type_evenness": Named(_BALANCE, "Równomierność rodzajów", "index", "entropia, 1: wszystkie równe"),
    "crossing_rows": Named(_LEAKS, "Wiersze grup w dwóch częściach", "rows"),
    "leaked_rows": Named(_LEAKS, "Wiersze prawie takie jak w innej części", "rows"),
    "rows_tested_before": Named(_LEAKS, "Wiersze treningowe, którymi testowano dawne wersje", "rows"),
    "benchmark_rows": Named(_LEAKS, "Porównane wiersze benchmarków", "rows", "0: nie podano żadnego"),
    "rows_of_benchmarks": Named(_LEAKS, "Wiersze treningowe z benchmarku", "rows"),
    "learned_share_mean": Named(_LEARNING, "Tokeny, których model się uczy: średnio", "share", "odpowiedź w rozmowie"),
    "learned_share_min": Named(_LEARNING, "Tokeny, których model się uczy: najmniej", "share", "odpowiedź w rozmowie"),
}
KINDS = {
    "": "(nie podano)",
    "qa": "odpowiedź na pytanie",
    "classification": "klasyfikacja lub wybór odpowiedzi",
    "generation": "napisanie tekstu",
    "translation": "tłumaczenie",
    "summarization": "streszczenie",
    "other": "inne",
    "general": "pytanie ogólne",
    "individual_case": "czyjaś sprawa",
    "deadline": "pytanie o termin",
    "unlawful_aim": "cel niezgodny z prawem",
    "false_premise": "fałszywe założenie",
    "out_of_scope": "spoza prawa",
    "exam": "zadanie egzaminacyjne",
}
_REMEDIES = {
    "R01": "dodaj wierszy do źródła albo obniż --validation.min-raw-rows",
    "R02": "nadaj każdemu wierszowi własne id",
    "R03": "sprawdź, w którym polu są pytania (--load.fields question=...)",
    "R04": "sprawdź, w którym polu są odpowiedzi (--load.fields answer=...)",
    "R05": "podziel dokumenty na pytania z odpowiedziami; granicę przesuwa --validation.max-answer-chars",
    "C01": "zobacz w kwarantannie, dlaczego czyszczenie odrzuciło wiersze",
    "C05": "usuń powtórzenia pytań albo połącz odpowiedzi na nie",
    "T02": "usuń ze źródła wiersze w innych językach",
    "T03": "zamaskuj dane przy czyszczeniu: --clean.personal-data mask",
    "T04": "dopisz do odpowiedzi podstawę prawną",
    "T05": "popraw przepisy w nazwanych wierszach albo odrzuć te wiersze: --clean.fabricated-citations quarantine",
    "T06": "przywróć polskie litery w źródle",
    "S03": "dodaj wierszy albo zmień udziały (--split.train-share, --split.valid-share)",
    "S05": "podziel dane od nowa: wiersze jednego pochodzenia muszą trafić do jednej części",
    "S06": "podziel dane od nowa, z --split.near-duplicate-jaccard nie wyższym niż --validation.leak-similarity",
    "S08": "usuń nazwane wiersze ze źródła: model znałby odpowiedzi, zanim go zmierzysz",
    "D02": "skróć nazwane wiersze albo podnieś --format.max-tokens i --validation.max-row-tokens",
    "D03": "skróć pytania nazwanych wierszy albo napisz na nie pełniejsze odpowiedzi",
    "N01": "dodaj wierszy albo obniż --validation.min-train-rows",
    "N02": "dodaj wierszy: z tak małej liczby model nauczy się najwyżej formy odpowiedzi",
    "N03": "zobacz w kwarantannie powody odrzucenia i popraw źródło",
    "N04": "zobacz w notatkach czyszczenia, co zmieniono, i popraw źródło, skąd pochodzą uszkodzenia",
    "N05": "zapisuj przepisy w zwykłej postaci, na przykład art. 415 k.c.",
    "N06": "dodaj wierszy z innych źródeł; te powtarzają te same słowa",
    "N07": "dodaj wierszy z innych źródeł; te powstały z niewielu szablonów",
    "N08": "przejrzyj odpowiedzi, które powtarzają te same słowa w kółko",
    "N09": "usuń prawie takie same pytania albo dodaj pytania o inne sprawy",
    "N10": "dodaj pytania zadane przez ludzi: te powstały z jednego wzoru",
    "N11": "dodaj wierszy z innych dziedzin albo zostaw, jeśli bot ma znać tylko jedną",
    "N12": "dodaj wierszy z najrzadszych dziedzin",
    "N13": "to wskazówka: model pozna tylko jeden rodzaj pytań",
    "N14": "to wskazówka: model nauczy się tylko jednego rodzaju zadań",
    "N15": "skróć pytania albo rozwiń odpowiedzi: model uczy się tylko z odpowiedzi",
}


def remedy(rule: str) -> str:
    """What to do when a rule does not hold; nothing for a rule without advice."""
    return _REMEDIES.get(rule, "")


def in_unit(value: float, unit: Unit) -> str:
    """A number as people read it: whole rows, percent, one digit of a mean, two of an index."""
    match unit:
        case "rows":
            return number(round(value))
        case "share":
            return percent(value)
        case "mean":
            return number(value, 1)
        case "index":
            return number(value, 2)
