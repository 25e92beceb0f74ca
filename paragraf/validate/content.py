"""Content: a row in, what its words show out: language, citations, personal data, the task that it sets."""

from paragraf.language import is_polish
from paragraf.law import Citation, find
from paragraf.law.mentions import mentions
from paragraf.records import Record
from paragraf.text import without_diacritics
from paragraf.validate.frames import Feature

_LETTERS_TO_TELL_BY = 80


def content_features(record: Record) -> dict[str, Feature]:
    """The flags and counts of one row; never a word of it."""
    from paragraf.law.existence import fabricated
    from paragraf.privacy import is_clean
    from paragraf.task_type import task_type

    citations = find(record.answer)
    mentioned = mentions(record.answer)
    return {
        "id": record.id,
        "is_polish": is_polish(f"{record.question} {record.answer}"),
        "has_no_personal_data": is_clean(record.question) and is_clean(record.answer),
        "cites_provision": any(citation.article for citation in citations),
        "cites_existing_law": not (citations and fabricated(record.answer)),
        "has_polish_letters": has_polish_letters(record.answer),
        "articles_mentioned": len(mentioned),
        "articles_read": sum(_is_read(mention, citations) for mention in mentioned),
        "task": task_type(record.question),
    }


def has_polish_letters(text: str) -> bool:
    """Whether a text has a letter such as ą or ż, or is too short to tell: of 80 letters about five are."""
    return sum(map(str.isalpha, text)) < _LETTERS_TO_TELL_BY or text != without_diacritics(text)


def _is_read(mention: int, citations: list[Citation]) -> bool:
    return any(start <= mention < end for start, end in (citation.span for citation in citations))
