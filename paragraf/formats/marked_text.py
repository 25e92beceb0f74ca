"""Marked text: a running text in which marks tell the speakers in, turns out; and the plain form that we write."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from paragraf.errors import BadRow
from paragraf.lines import Place
from paragraf.strict_json import described

_ROLES = {
    "system": "system",
    **dict.fromkeys(("user", "human", "prompter"), "user"),
    **dict.fromkeys(("assistant", "model", "bot", "gpt"), "assistant"),
}
_HEADINGS = {
    "system": "system",
    **dict.fromkeys(("instruction", "instrukcja", "polecenie", "zadanie"), "user"),
    **dict.fromkeys(("question", "pytanie", "prompt", "user", "użytkownik"), "user"),
    **dict.fromkeys(("input", "wejście", "dane wejściowe", "context", "kontekst"), "input"),
    **dict.fromkeys(("response", "output", "answer", "completion", "odpowiedź", "odpowiedz"), "assistant"),
    **dict.fromkeys(("assistant", "asystent"), "assistant"),
}
_LABELS = {  # who asks, and how the one who answers is called then
    "pytanie": ("odpowiedź", "odpowiedz"),
    "instrukcja": ("odpowiedź", "odpowiedz"),
    "polecenie": ("odpowiedź", "odpowiedz"),
    "użytkownik": ("asystent",),
    "question": ("answer",),
    "instruction": ("response", "output"),
    "prompt": ("response", "completion"),
    "human": ("assistant", "ai"),
    "user": ("assistant", "ai"),
    "q": ("a",),
    "p": ("o",),
}
# Tokens that begin or end a text or a turn and are no part of what is said.
NO_CONTENT = re.compile(
    r"</?s>|<[be]os>|<end_of_turn>"
    r"|<\|(?:begin_of_text|end_of_text|endoftext|im_end|eot_id|eot|end|end_of_turn|startoftext)\|>"
)
_BEGIN = re.compile(rf"(?:\s|{NO_CONTENT.pattern})*")
_SYSTEM_IN_INST = re.compile(r"\s*<<SYS>>.*?<</SYS>>", re.DOTALL)
_ESCAPED = re.compile(r"^\\(?=\\*[ \t]*#)", re.MULTILINE)
_TO_ESCAPE = re.compile(r"^(?=\\*[ \t]*#)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Marks:
    """One way of marking turns: where one opens (group 1 names the speaker), and whether dialogues are so marked."""

    opening: re.Pattern[str]
    roles: Mapping[str, str]
    is_dialogue: bool = True
    has_preamble: bool = False  # words before the first mark are an instruction to the model, as in Alpaca's texts


def turns_of(text: str, place: Place) -> list[tuple[str, str]]:
    """Roles and contents, in order; the marks that come first in the text are those that count.

    Raises:
        BadRow: there are no marks, or they do not tell one question from one answer.
    """
    marks, first = _marks_of(text, place)
    if not marks.has_preamble and _outer_removed(text[:first]):
        found = described(text[:first].strip())
        raise BadRow(f"{place}: text before the first mark is {found}; remove it, or mark whose words it is.")
    turns = _merged(_cut(text, marks))
    roles = [role for role, _ in turns if role != "system"]
    if not marks.is_dialogue and roles != ["user", "assistant"]:
        remedy = "give every question with its answer a row of its own, or mark turns as a chat template does"
        found = ", ".join(roles[:6])
        raise BadRow(f"{place}: the marks in text tell {found}, not one question and one answer; {remedy}.")
    if empty := next((role for role, content in turns if role != "system" and not content), None):
        raise BadRow(f"{place}: the turn of the {empty} in text is empty; write question and answer.")
    return turns


def marked(question: str, answer: str, system: str) -> str:
    """A system message, a question and its answer as a text under headings, from which `turns_of` reads them back.

    A line of theirs that begins like a heading gets a backslash before it, as in Markdown. White space and end-of-text
    tokens at the ends of a part are no content and get lost on the way.
    """
    parts = (("System", system), ("Pytanie", question), ("Odpowiedź", answer))
    return "\n\n".join(f"### {name}:\n{_TO_ESCAPE.sub(lambda _: chr(92), content)}" for name, content in parts)


def _marks_of(text: str, place: Place) -> tuple[_Marks, int]:
    """The marks that come first, and where."""
    found = [(match.start(), order) for order, marks in enumerate(_ALL) if (match := marks.opening.search(text))]
    if not found:
        ways = "write 'Pytanie: ...' and 'Odpowiedź: ...' on lines of their own"
        remedy = f"{ways}, or name the fields that hold them with --load.fields question=NAME"
        raise BadRow(f"{place}: no marks tell question and answer apart in text ({described(text)}); {remedy}.")
    first, order = min(found)
    return _ALL[order], first


def _cut(text: str, marks: _Marks) -> list[tuple[str, str]]:
    openings = list(marks.opening.finditer(text))
    ends = [match.start() for match in openings[1:]] + [len(text)]
    turns = []
    for match, end in zip(openings, ends, strict=True):
        name = match[1].lower()
        content = text[match.end() : end]
        if marks is _INST and (system := _SYSTEM_IN_INST.match(content)):
            content = content[system.end() :]
        content = _outer_removed(content)
        turns.append((marks.roles.get(name, name), _ESCAPED.sub("", content) if marks is _HEADED else content))
    return turns


def _outer_removed(text: str) -> str:
    """The text without white space and tokens at its ends."""
    begin, end = _BEGIN.match(text), len(text)
    start = begin.end() if begin else 0
    while end > start:
        if text[end - 1].isspace():
            end -= 1
        elif text[end - 1] == ">" and NO_CONTENT.fullmatch(text, opens := text.rfind("<", start, end), end):
            end = opens
        else:
            break
    return text[start:end]


def _merged(turns: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Turns in which an input stands with the instruction that it belongs to."""
    merged: list[tuple[str, str]] = []
    was_input = False
    for role, content in turns:
        is_input = role == "input"
        if (is_input or was_input) and role in ("input", "user") and merged and merged[-1][0] == "user":
            merged[-1] = ("user", "\n\n".join(filter(None, (merged[-1][1], content))))
        else:
            merged.append(("user" if is_input else role, content))
        was_input = is_input
    return merged


def _labels(asks: str, answers: tuple[str, ...]) -> _Marks:
    opening = re.compile(rf"^[ \t]*({'|'.join((asks, *answers))})[ \t]*:", re.IGNORECASE | re.MULTILINE)
    return _Marks(opening, {asks: "user", **dict.fromkeys(answers, "assistant")}, is_dialogue=False)


_INST = _Marks(re.compile(r"\[(/?)INST\]"), {"": "user", "/": "assistant"})
_HEADED = _Marks(
    re.compile(rf"^[ \t]*#{{2,4}}[ \t]*({'|'.join(_HEADINGS)})[ \t]*(?::|\r?$)", re.IGNORECASE | re.MULTILINE),
    _HEADINGS,
    is_dialogue=False,
    has_preamble=True,
)
_ALL = (
    _Marks(re.compile(r"<\|im_start\|>[ \t]*(\w+)"), _ROLES),
    _Marks(re.compile(r"<\|(?:start_header_id|header_start)\|>\s*(\w+)\s*<\|(?:end_header_id|header_end)\|>"), _ROLES),
    _Marks(re.compile(r"<start_of_turn>[ \t]*(\w+)"), _ROLES),
    _Marks(re.compile(r"<\|(system|user|human|prompter|assistant|bot|model)\|>"), _ROLES),
    _INST,
    _Marks(re.compile(r"###[ \t]*(Human|Assistant)[ \t]*:"), _ROLES, has_preamble=True),
    _HEADED,
    *(_labels(asks, answers) for asks, answers in _LABELS.items()),
)
