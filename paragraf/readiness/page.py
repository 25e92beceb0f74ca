"""Page: the verdict before a fine-tuning in, a page and a text for the terminal out, in Polish."""

import hashlib
import textwrap

from paragraf.markup import page, printable
from paragraf.publish import digest_of, publish, read_manifest
from paragraf.readiness.facts import ReadinessFacts
from paragraf.readiness.items import Answer, Decision, Item, Verdict, verdict_of
from paragraf.snapshots import Receipt
from paragraf.workspace import home, relative

PAGE, TEXT = "readiness.html", "readiness.txt"
_ANSWERS: dict[Answer, str] = {"yes": "tak", "no": "nie", "unknown": "nie wiadomo"}
_WIDTH = 100


class ReadinessReport(Receipt):
    """A published checklist: readiness.html, readiness.txt."""

    decision: Decision
    sentence: str


def publish_readiness(facts: ReadinessFacts) -> ReadinessReport:
    """Answer the checklist and publish it in the workspace's reports."""
    verdict = verdict_of(facts)
    files = {PAGE: _page(facts, verdict).encode(), TEXT: text_of(facts, verdict).encode()}
    name = hashlib.sha256(b"".join(files.values())).hexdigest()[:12]
    final = home() / "reports" / f"readiness-{name}"
    with publish(final) as folder:
        for key, content in files.items():
            (folder / key).write_bytes(content)
    digest = digest_of(read_manifest(final))
    return ReadinessReport(path=relative(final), digest=digest, decision=verdict.decision, sentence=verdict.sentence)


def text_of(facts: ReadinessFacts, verdict: Verdict) -> str:
    """The checklist for a terminal."""
    told = [f"Checklista przed fine-tuningiem: {facts.source}, model bazowy {facts.base}"]
    told += [textwrap.fill(verdict.sentence, _WIDTH), *map(_block, verdict.items)]
    return printable("\n\n".join(told)) + "\n"


def _block(item: Item) -> str:
    lines = [item.found, *([f"Co zrobić: {item.advice}"] if item.advice else [])]
    body = [textwrap.fill(line, _WIDTH, initial_indent="    ", subsequent_indent="    ") for line in lines]
    return "\n".join([f"[{_ANSWERS[item.answer]}] {item.question}", *body])


def _page(facts: ReadinessFacts, verdict: Verdict) -> str:
    return page("readiness.html.j2", facts=facts, verdict=verdict, answers=_ANSWERS, rivals=None)
