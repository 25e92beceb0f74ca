"""Markup: a template of pages/ and values in, a page out in which no value has become markup."""

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from paragraf import measure_words, problem_words, wording

_PAGES = Path(__file__).parent / "pages"
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_SHORTENED = 280

# Control characters drive terminals, bidirectional ones reorder a page, half a surrogate pair cannot be encoded.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
# Signs that mean something anywhere, at the beginning of a line, or as the beginning of a link that nobody marked.
_MARKDOWN = re.compile(
    r"[\\`*_\[\]|~$]|^[#+=-]|(?<=^\d)[.)](?= )|(?<=^\d\d)[.)](?= )|(?<=www)\.|:(?=//)", re.IGNORECASE
)
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "@\N{WORD JOINER}"}  # the joiner breaks automatic mail links


def page(name: str, **values: object) -> str:
    """Fill a template whose name ends with .html.j2 or .md.j2; every value is escaped for that kind of page."""
    return _environment(name.endswith(".html.j2")).get_template(name).render(**values)


def printable(text: str) -> str:
    """Text with signs in place of what does not print: control pictures for control characters, U+FFFD for the rest."""
    return _UNPRINTABLE.sub(_sign, text.replace("\r\n", "\n"))


def escape_markdown(text: str) -> str:
    """Text on one line that every Markdown reader shows as it is: no links, tags, tables, lists or emphasis."""
    line = " ".join(printable(text).split())
    escaped = _MARKDOWN.sub(lambda found: "\\" + found[0], line)
    return "".join(_ENTITIES.get(letter, letter) for letter in escaped)


def shortened(text: str, limit: int = _SHORTENED) -> str:
    """The beginning of a text up to a word's end, with an ellipsis if anything is left out."""
    whole = text.strip()
    if len(whole) <= limit:
        return whole
    return whole[:limit].rsplit(None, 1)[0].rstrip(".,;: ") + " …"


@cache
def _environment(is_html: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_PAGES),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        finalize=_printable_value if is_html else _markdown_value,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for filter_ in _FILTERS:
        environment.filters[filter_.__name__] = filter_
    return environment


def _sign(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else _REPLACEMENT


def _printable_value(value: object) -> object:
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _markdown_value(value: object) -> object:
    return escape_markdown(str(value))


_FILTERS = (
    shortened,
    wording.amount,
    wording.contender_meaning,
    wording.contender_name,
    wording.counted,
    wording.expectation,
    wording.interval,
    measure_words.measure_meaning,
    measure_words.measure_name,
    wording.number,
    wording.observed,
    wording.outcome,
    wording.part,
    wording.percent,
    problem_words.problem,
    wording.reason_meaning,
    wording.reason_name,
    wording.technique_name,
    wording.severity,
)
