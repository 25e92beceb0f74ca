"""Validate: rows of each age in, the numbers and flags that the expectations judge out; never text."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field

from paragraf.language import is_polish
from paragraf.law import find
from paragraf.records import Part, Record
from paragraf.similarity import leaks
from paragraf.stage import StageSettings
from paragraf.text import normal_form

Feature = str | int | bool | None
Features = list[dict[str, Feature]]


class ValidateSettings(StageSettings):
    """Thresholds of the expectations; each starts where good corpora of this kind lie in our runs."""

    min_raw_rows: Annotated[int, Field(ge=1, description="Fewest rows that a source may hold.")] = 50
    min_train_rows: Annotated[int, Field(ge=1, description="Fewest training rows.")] = 30
    min_polish_share: Annotated[float, Field(ge=0, le=1, description="Least share of rows in Polish.")] = 0.98
    min_cited_share: Annotated[
        float, Field(ge=0, le=1, description="Least share of answers that cite a provision; below it: a warning.")
    ] = 0.7
    min_single_question_share: Annotated[
        float, Field(ge=0, le=1, description="Least share of rows whose question is asked once; below it: a warning.")
    ] = 0.8
    max_area_share: Annotated[
        float, Field(gt=0, le=1, description="Largest share of one area of law; above it: a warning.")
    ] = 0.5
    leak_similarity: Annotated[
        float,
        Field(
            ge=0.5, le=1, description="Similarity (5-letter-gram Jaccard) from which a row of another part is a leak."
        ),
    ] = 0.7

    def parameters(self) -> dict[str, float]:
        """The thresholds by the names that the suites use."""
        return {name: float(value) for name, value in self.model_dump().items()}


def raw_features(records: Sequence[Record]) -> Features:
    """What was read: sizes and whether anything is there at all."""
    return [
        {"id": record.id, "question_chars": len(record.question.strip()), "answer_chars": len(record.answer.strip())}
        for record in records
    ]


def corpus_features(records: Sequence[Record]) -> Features:
    """What was kept: language, citations, repetition, and how large each row's area is."""
    first: dict[str, str] = {}
    by_area: dict[str, int] = defaultdict(int)
    for record in records:
        by_area[record.area] += 1
    largest = max(by_area, key=lambda area: by_area[area], default="")
    features: Features = []
    for record in records:
        asked = normal_form(record.question)
        earlier = first.setdefault(asked, record.id)
        features.append(
            {
                "id": record.id,
                "question_chars": len(record.question),
                "answer_chars": len(record.answer),
                "is_polish": is_polish(f"{record.question} {record.answer}"),
                "cites_provision": any(citation.article for citation in find(record.answer)),
                "same_question_as": earlier if earlier != record.id else None,
                "in_largest_area": record.area == largest,
            }
        )
    return features


def split_features(parts: Mapping[Part, Sequence[Record]], settings: ValidateSettings) -> Features:
    """What each row of a part shows of leaks: its group, a near-duplicate or a variant in another part."""
    parts_of: dict[str, set[Part]] = defaultdict(set)
    for part, records in parts.items():
        for record in records:
            parts_of[record.group].add(part)
    leaked = _leaked_from(parts, settings.leak_similarity)
    return [
        {
            "id": record.id,
            "part": part,
            "is_train": part == "train",
            "group_crosses": len(parts_of[record.group]) > 1,
            "has_group": bool(record.group),
            "leaks_from": leaked.get(record.id),
            "variant_outside_train": bool(record.origin) and part != "train",
        }
        for part, records in parts.items()
        for record in records
    ]


def _leaked_from(parts: Mapping[Part, Sequence[Record]], similarity: float) -> dict[str, str]:
    """Row id -> id of a row of an earlier part (train before valid before test) that is nearly the same."""
    found: dict[str, str] = {}
    names = list(parts)
    for index, later in enumerate(names[1:], start=1):
        for earlier in names[:index]:
            for view in (_question, _question_and_answer):
                seen, asked = ([view(record) for record in parts[name]] for name in (earlier, later))
                for seen_at, asked_at, _ in leaks(seen, asked, similarity):
                    found.setdefault(parts[later][asked_at].id, parts[earlier][seen_at].id)
    return found


def _question(record: Record) -> str:
    return record.question


def _question_and_answer(record: Record) -> str:
    return f"{record.question} {record.answer}"
