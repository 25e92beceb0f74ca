"""Variations: a question in, the same question asked in other right Polish words out, each with its rule.

Nothing is written where grammar or meaning is in doubt; what was not written is told, with the reason.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import NamedTuple, cast

from paragraf import templates
from paragraf.augment.frames import FRAMES, Frame
from paragraf.augment.meanings import NO_DEED, Parts, with_pronoun_behind
from paragraf.inflect import Answered, Case
from paragraf.inflect.lexicon import word_of
from paragraf.law import find
from paragraf.records import Record
from paragraf.task_type import starts_asking, task_type, words_of
from paragraf.task_words import QUESTION_WORDS, parts_of_speech
from paragraf.text import normal_form, numbers

TEMPLATE = "template"
_LAST_SENTENCE = re.compile(r"(?:^|(?<=[.?!…”\"])\s+)(?=[^\s.?!…]+\s*[^.?!…]*(?:[?.!…]|$)\s*$)")
_CLAUSE_EDGE = re.compile(r"(?:, (?:a |i |to |więc )?| [–—-] )(?=\w)")
_SLOT = re.compile(r"\{(?P<name>\w+)(?P<moved>!)?(?::(?P<source>\w+)(?:>(?P<target>\w+))?)?\}")
_BY_NUMBER = re.compile(r"<(?P<name>\w+):(?P<one>[^|>]*)\|(?P<many>[^|>]*)>")
_WONDERING = re.compile(
    r"(?:zastanawiam się|ciekawi mnie|interesuje mnie|chcę wiedzieć|chciał(?:bym|abym) wiedzieć|nie wiem"
    r"|nie mam pewności|jestem ciekawa?|nie jestem pewn[ya]|pytam), (?P<asked>.+)",
    re.IGNORECASE,
)
_NEW_CLAUSE = re.compile(r", (?:bo|a|ale|więc|tylko|lecz|gdyż|ponieważ|chyba)\b|[;–—:]")
_NO_PLAIN_QUESTION = re.compile(r", (?:nie|prawda|tak|co|no nie|i co)\b|\bczy\b|\balbo\b|[–—:;]", re.IGNORECASE)
_ABBREVIATED = re.compile(
    r"(?:^|[\s(])(?:\w{1,3}\.)*(?:\w|art|ust|pkt|poz|nr|np|tzn|tzw|itp|itd|im|ul|dr|zw|ww|tj|in)\.$"
)
_END = re.compile(r"\.$|[?!…\s]+$")
_PREDICATES = {"fin", "praet", "bedzie", "winien", "pred"}
_MODAL = {"może", "mogą", "musi", "muszą", "powinien", "powinna"}
_SURELY_VERBS = {"muszę", "ma", "mam", "mamy", "mają", "mogę", "mogą", "muszą", "musi", "da"}  # also odd nouns
_SUBORDINATE = re.compile(
    r", (?:(?:w|na|z|do|od|za|po|przy|o) )?(?:któr|jeśli|jeżeli|żeby|aby|by |gdy|choć|skoro|że |zanim)"
)


@dataclass(frozen=True, slots=True)
class Variation:
    """The question asked in another way, and the rule behind it, which is also the name of its metric."""

    question: str
    rule: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule that fits the question but was not used, and the counted reason."""

    rule: str
    reason: str


def variations(record: Record) -> Iterator[Variation | Refusal]:
    """Every other way to ask the question of a row, none twice, and every refusal.

    Citations and numbers of the question stay as they are.
    """
    question = record.question.strip()
    if record.choices:
        yield Refusal("any", "closed_item")
        return
    seen = {normal_form(question)}
    for made in _made(question):
        if isinstance(made, Refusal):
            yield made
        elif (form := normal_form(made.question)) not in seen:
            seen.add(form)
            kept = _kept(question, made.question)
            yield made if kept else Refusal(made.rule, "citation_or_number_changed")


def framed(record: Record, rng: Random) -> Variation | Refusal:
    """The instruction of a row in one of the templates that fit its task."""
    task = task_type(record.question)
    found = None if record.choices else templates.apply(record.question, task, rng)
    return Variation(found, TEMPLATE) if found else Refusal(TEMPLATE, f"no_template_for_{task}")


class _Asked(NamedTuple):
    """A part of a text that asks something, without its mark; `rule` says how it became a question of its own."""

    before: str
    asked: str
    rule: str
    is_clause: bool


def _made(question: str) -> Iterator[Variation | Refusal]:
    for asked in _places(question):
        if asked.rule:
            yield Variation(f"{asked.before}{_capital(asked.asked)}?", asked.rule)
        for frame in FRAMES:
            if asked.is_clause and not frame.is_clause:
                continue
            match = frame.pattern.fullmatch(asked.asked)
            if match is not None:
                yield from _phrased(frame, match, asked)


def _places(question: str) -> Iterator[_Asked]:
    """Where the last sentence of a text asks: the sentence, a question in it that is only told of, its last clause."""
    opened = _LAST_SENTENCE.search(question)
    start = opened.end() if opened else 0
    before, sentence = question[:start], question[start:]
    if before and (sentence[0].islower() or _ABBREVIATED.search(before.rstrip())):
        return  # the dot did not end a sentence
    body = sentence if _ABBREVIATED.search(sentence) else _END.sub("", sentence)
    is_asking = sentence.endswith("?") or not sentence.endswith((".", "!", "…"))
    if is_asking:
        yield _Asked(before, body, "", False)
    if (told := _WONDERING.fullmatch(body)) and starts_asking(words_of(told["asked"])):
        if not _NEW_CLAUSE.search(told["asked"]):
            yield _Asked(before, told["asked"], "direct", False)
    elif sentence.endswith("?") and _is_plain_question(body):
        yield _Asked(before, f"czy {_small(body)}", "with_czy", False)
    if is_asking:
        for edge in _CLAUSE_EDGE.finditer(sentence):
            if QUESTION_WORDS.isdisjoint(words_of(sentence[: edge.start()])):
                yield _Asked(before + sentence[: edge.end()], body[edge.end() :], "", True)


def _is_plain_question(body: str) -> bool:
    """Whether a sentence asks for yes or no by its tone alone: "Muszę to zapłacić"."""
    words = words_of(body)
    main = words_of(_SUBORDINATE.split(body)[0])
    if not words or "," in main or _NO_PLAIN_QUESTION.search(body) or not QUESTION_WORDS.isdisjoint(words):
        return False
    verbs = [word for word in main if parts_of_speech(word) and parts_of_speech(word) <= _PREDICATES - {"bedzie"}]
    if len(verbs) > 1:
        return False
    first = words[0]
    if words[1:2] and words[1] in _MODAL:
        return parts_of_speech(first) == {"subst"}
    return first in _SURELY_VERBS or (bool(parts_of_speech(first)) and parts_of_speech(first) <= _PREDICATES)


def _phrased(frame: Frame, match: re.Match[str], asked: _Asked) -> Iterator[Variation | Refusal]:
    found = {name: text for name, text in match.groupdict().items() if text is not None}
    parts = Parts({name.rstrip("_"): _small(text) if match.start(name) == 0 else text for name, text in found.items()})
    rule = frame.rule
    if frame.guard is not None and (objection := frame.guard(parts)):
        if objection != NO_DEED:  # then it was another question
            yield Refusal(rule, objection)
        return
    for phrasing in frame.phrasings:
        text = _filled(phrasing, parts)
        if isinstance(text, _Doubt):
            yield Refusal(rule, text.reason)
        else:
            yield Variation(asked.before + (_small(text) if asked.is_clause else text), rule)


class _Doubt(NamedTuple):
    reason: str


def _filled(phrasing: str, parts: Parts) -> str | _Doubt:
    """A phrasing with the parts in their places; the reason where one of them does not fit."""
    text = phrasing
    for slot in _SLOT.finditer(phrasing):
        part = _part(slot, parts)
        if isinstance(part, _Doubt):
            return part
        text = text.replace(slot[0], part, 1)
    for verb in _BY_NUMBER.finditer(phrasing):
        number = parts.number(verb["name"])
        if number is None:
            return _Doubt("number_unclear")
        text = text.replace(verb[0], verb["one" if number == "sg" else "many"], 1)
    return text


def _part(slot: re.Match[str], parts: Parts) -> str | _Doubt:
    text = parts.text(slot["name"])
    if slot["moved"]:
        return with_pronoun_behind(text) or _Doubt("no_deed")
    if not slot["source"]:
        return text
    source = cast(Case, slot["source"])
    target = cast(Case, slot["target"]) if slot["target"] else source
    found = parts.turned(slot["name"], source, target)
    return found.phrase if isinstance(found, Answered) else _Doubt(f"inflection_{found.reason}")


def _kept(question: str, variant: str) -> bool:
    """Whether all citations and numbers of a question are still in it."""
    if numbers(question) != numbers(variant):
        return False
    return [item.key for item in find(question)] == [item.key for item in find(variant)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _small(text: str) -> str:
    """A small first letter, unless the first word is a name or in capitals."""
    first = text.split(maxsplit=1)[0].rstrip(",")
    is_common = first[1:] == first[1:].lower() and bool(word_of(first.lower()).parts)
    return text[:1].lower() + text[1:] if is_common else text
