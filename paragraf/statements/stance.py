"""Stance: what a legal text denies, allows, orders or advises, each counted."""

import re
from collections import Counter
from functools import lru_cache
from typing import Literal, NamedTuple

from paragraf.dictionary import readings
from paragraf.statements.numerals import inflected
from paragraf.text import without_diacritics, words

Modality = Literal["may", "may not", "must", "need not", "should", "should not"]

_DENIED: dict[Modality, Modality] = {"may": "may not", "must": "need not", "should": "should not", "may not": "may"}
_VERBS: dict[str, Modality] = {
    "móc": "may",
    "pozwalać": "may",
    "pozwolić": "may",
    "zezwalać": "may",
    "przysługiwać": "may",
    "musieć": "must",
    "należeć": "must",
    "powinien": "should",
    "zabraniać": "may not",
    "zabronić": "may not",
    "zakazywać": "may not",
    "zakazać": "may not",
}
_WORDS: dict[str, Modality] = {
    **dict.fromkeys(("mozna", "wolno"), "may"),
    "trzeba": "must",
    "winno": "should",
    "nakaz": "must",
}
_ADJECTIVES: tuple[tuple[str, Modality], ...] = (
    ("niedozwolon", "may not"),
    ("niedopuszczaln", "may not"),
    ("zakazan", "may not"),
    ("zabronion", "may not"),
    ("dozwolon", "may"),
    ("dopuszczaln", "may"),
    ("obowiazan", "must"),
    ("zobowiazan", "must"),
)
HELD: dict[str, Modality] = {
    **dict.fromkeys(("prawo", "prawa"), "may"),
    **dict.fromkeys(("obowiazek", "obowiazku"), "must"),
    **dict.fromkeys(("nakaz", "nakazu"), "must"),
    **dict.fromkeys(("zakaz", "zakazu"), "may not"),
}
_HOLDING = re.compile(rf"\w+(?: \w+){{0,2}}? ({'|'.join(HELD)})\b")
_HAVING = frozenset(words("mam masz ma mamy macie maja mial miala mieli mialy miec bede bedzie beda mialbym mialabym"))
_DUE = frozenset(words("nalezy naleza nalezal nalezala nalezaly przysluguje przysluguja przyslugiwal przyslugiwala"))
_BEING = frozenset(words("jest sa byl byla bylo byli jestem jestes"))
_DUE_OR_BELONGS = frozenset(words("sie do mi mu jej im nam wam ci zalezy"))
_SOMEBODY = r"(?:(?:mi|nam|ktos|pan|pani|panstwo) ){0,3}"
_TELL = r"(?:wyjas|powie|podpow|pomo|dora|pora|wytlu|odpow|obja|wska|przybl|poda)\w*c\b"
_OPEN_QUESTION = re.compile(
    r"(?:^|[.?!,;:–-] )(?:[a-z]{1,4} )?(?:jak|gdzie|kiedy|ile|co|komu|ilu|jaki\w{0,3}|ktor\w{1,4})"
    r"(?: [a-z]+){0,2} $"
)
_FRAMES = re.compile(
    r"\bnie (?:wiem|jestem pew\w+|mam pewnosci|mam pojecia|rozumiem|orientuje sie|potrafie|moge zrozumiec)\b"
    rf"|\b(?:moglby|moglaby)\w* {_SOMEBODY}{_TELL}"
    rf"|\b(?:mozesz|mozecie|moze(?= (?:mi |nam )?(?:ktos|pan|pani) )|moga(?= panstwo )) {_SOMEBODY}{_TELL}"
    r"|\bczy moge (?:o cos )?(?:prosic|zapytac|spytac|liczyc na|dowiedziec)\b|\b(?:jesli|jezeli|o ile) (?:mozna|moge)\b"
    r"|\b(?:jak|co) (?:mam|mozna|nalezy) (?:to |przez to )?rozumiec\b"
    r"|\bdo czego moze prowadzic\b|\bczy mozna wiedziec\b"
)
_SAID_OTHERWISE = re.compile(
    r"\bnie (?:tylko|wiecej|mniej|dluzej|krocej|pozniej|wczesniej|wyzej|nizej|dluz\w+|krots\w+|nizsz\w+|wyzsz\w+"
    r"|wieksz\w+|mniejsz\w+|starsz\w+|mlods\w+|przekr\w+|moze przekr\w+|inaczej|ma za co)\b"
    r"|\bczy (?:tez )?nie\b(?= ?[?.!]|$)|\bno nie\b"
)
_SURELY_POSITIVE = (
    *("niebiesk", "niedawn", "niedalek", "niekied", "niektor", "nieletn", "niemieck", "niemow", "niepodleg", "nieraz"),
    *("niejed", "niestet", "niewiel", "niezbedn", "niezl", "niezwlocz", "niezwykl", "niezaleznie", "niebezp", "nieco"),
    *("niemal", "niech", "niedziel", "nieruchom", "niedlug", "niegdys", "niewatpliw", "nieustann", "niesamowi"),
)
_DENYING = re.compile(r"\b(?:nie|brak(?:u|iem|uje|owalo|owac)?|brakow)\b|\bnie[a-z]{4,}\b")
_LIKE_AN_ADJECTIVE = re.compile(r"(?:[nt]|ow|liw|ac)(?:y|a|e|ego|ej|emu|ym|ych|ymi|ie)$|[ac]ni(?:e|a|u|em)$")
_WORD = re.compile(r"[a-z]+")
_VERDICT = re.compile(r"\W*(tak|nie|owszem|niestety nie|niestety)\b(?= ?[,.;:!–—-]|$| nie\b| tak\b)")


class Stance(NamedTuple):
    """How often a text denies, how often it says each modality, and its verdict if it opens with one.

    `implied` are those modalities that a question need not say: "gdzie należy złożyć pozew", "przysługuje mi urlop".
    """

    denials: int
    modalities: Counter[Modality]
    implied: frozenset[Modality]
    verdict: Literal["yes", "no", ""]


@lru_cache(maxsize=2048)
def stance_of(text: str) -> Stance:
    """The stance of a text; frames of asking ("nie wiem, czy ...", "mógłbyś wyjaśnić ...") say nothing of the law."""
    typed = text.lower()
    plain = without_diacritics(typed)
    found = _VERDICT.match(plain)
    verdict: Literal["yes", "no", ""] = "" if not found else "yes" if found[1] in ("tak", "owszem") else "no"
    plain = _SAID_OTHERWISE.sub(_blank, _FRAMES.sub(_blank, plain))
    modalities: Counter[Modality] = Counter()
    stated: set[Modality] = set()
    places = [match.span() for match in _WORD.finditer(plain)]
    tokens = [plain[start:end] for start, end in places]
    used: set[int] = set()
    for at, token in enumerate(tokens):
        modality = _held(plain, places[at][0]) if token in _HAVING else _modality(tokens, at)
        if modality is None:
            continue
        negation = _denied_at(tokens, at)
        if negation is not None and negation not in used:
            used.add(negation)
            modality = _DENIED.get(modality, modality)
        modalities[modality] += 1
        if negation is not None or not _is_implied(plain[: places[at][0]], token):
            stated.add(modality)
        if token.startswith("nie"):
            used.add(at)
    denials = sum(
        at not in used and _DENYING.fullmatch(token) is not None and denies(typed[slice(*place)])
        for at, (token, place) in enumerate(zip(tokens, places, strict=True))
    )
    return Stance(denials, modalities, frozenset(modalities.keys() - stated), verdict)


def modality_of_word(token: str) -> Modality | None:
    """What a plain lower-case word says by itself, before anything denies it."""
    if modality := _verbs().get(token) or _WORDS.get(token):
        return modality
    return next((modality for start, modality in _ADJECTIVES if token.startswith(start)), None)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _is_implied(before: str, token: str) -> bool:
    """Whether a modal word adds nothing to what is asked: after a question word, or of what somebody is due."""
    return token in _DUE or _OPEN_QUESTION.search(before) is not None


def _held(plain: str, at: int) -> Modality | None:
    """The right, duty or ban that somebody has by the verb at a place."""
    found = _HOLDING.match(plain, at)
    return HELD[found[1]] if found else None


def _modality(tokens: list[str], at: int) -> Modality | None:
    token = tokens[at]
    following = tokens[at + 1 : at + 4]
    if token.startswith("nalez") and token in _verbs() and not _DUE_OR_BELONGS.isdisjoint(following[:1]):
        return "may" if "sie" in following[:3] else None
    if token in ("da", "dalo") and "sie" in (following[:1] + tokens[max(0, at - 1) : at]):
        return "may"
    return modality_of_word(token)


def _denied_at(tokens: list[str], at: int) -> int | None:
    """Where the "nie" of a modal word stands: right before it, or before the verb of "nie jest zobowiązany"."""
    if at and tokens[at - 1] == "nie":
        return at - 1
    is_adjective = any(tokens[at].startswith(start) for start, _ in _ADJECTIVES)
    if (
        is_adjective
        and at > 1
        and tokens[at - 1] in ("jest", "sa", "byl", "byla", "jestem")
        and tokens[at - 2] == "nie"
    ):
        return at - 2
    return None


@lru_cache(maxsize=1)
def _verbs() -> dict[str, Modality]:
    """Plain finite forms of modal verbs."""
    forms = inflected(_VERBS, ("fin", "praet", "cond", "winien", "imps", "inf", "bedzie", "pact"))
    return {form: _VERBS[lemma] for form, lemma in forms.items()}


@lru_cache(maxsize=50_000)
def denies(word: str) -> bool:
    """Whether a word denies: "nie" or "brak", or a verb form or adjective that opens with "nie"."""
    if not word.startswith("nie") or word == "nie":
        return True
    if without_diacritics(word).startswith(_SURELY_POSITIVE):
        return False
    told = readings(word)
    if not told:  # typed without diacritics, most likely
        return _LIKE_AN_ADJECTIVE.search(word) is not None
    if any("neg" in reading.tag.split(":") for reading in told):
        return True
    without = (reading.tag for reading in readings(word[3:]))
    is_adjective = any(reading.tag.startswith(("adj", "adv")) for reading in told)
    return is_adjective and any(tag.startswith(("adj", "adv", "ppas", "pact")) for tag in without)
