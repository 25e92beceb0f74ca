"""Evidence: the rows of a run at every age in; frames, numbers and counts that a verdict can be reached by out."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from paragraf.chat import Framing, Tokenizer
from paragraf.runner import HERE, Runner
from paragraf.snapshots import Snapshot, Splits
from paragraf.validate.balance import evenness, histogram, largest_share, most_frequent, smallest_share
from paragraf.validate.corpus import CorpusRows, corpus_rows
from paragraf.validate.diversity import lexical, semantic
from paragraf.validate.frames import Drawn, Feature, Frame, Suite, length, mean
from paragraf.validate.leaks import tested_before
from paragraf.validate.parts import PartRows, part_rows
from paragraf.validate.raw import RawRows, raw_rows
from paragraf.validate.settings import ValidateSettings

SAMPLES = {"rows_looked_at": "content", "rows_counted_in_tokens": "chats", "rows_compared": "words"}


class Ages(NamedTuple):
    """The rows as they were read, as cleaning kept them, as they are learned from; and what tested earlier versions."""

    raw: Snapshot
    corpus: Snapshot
    splits: Splits
    tested: tuple[Snapshot, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found; no word of a row.

    Attributes:
        frames: what each suite judges; that of "numbers" has one row.
        drawn: how many rows stand behind a suite or a number that may rest on a sample.
        counts: name of a distribution -> kind -> rows.
    """

    frames: dict[Suite, Frame]
    drawn: dict[str, Drawn]
    numbers: dict[str, float]
    counts: dict[str, dict[str, int]]


def gather(
    ages: Ages,
    open_tokenizer: Callable[[], Tokenizer],
    framing: Framing,
    settings: ValidateSettings,
    runner: Runner = HERE,
) -> Evidence:
    """Look at all rows for what is cheap to see, and at a sample for what words and tokens show."""
    raw = raw_rows(ages.raw, runner)
    corpus = corpus_rows(ages.corpus, settings.sample_rows, runner)
    parts = part_rows(dict(ages.splits.parts()), open_tokenizer, framing, settings, runner)
    if ages.tested:
        seen = tested_before(parts.frame, ages.splits.train, ages.tested, settings.leak_similarity, runner)
        parts.frame["tested_before"] = seen
    drawn = _drawn(ages, corpus, parts)
    numbers = {
        **_sizes(ages, corpus, parts),
        **{name: drawn[suite].rows for name, suite in SAMPLES.items()},
        **_quality(ages, raw, corpus, settings),
        **_diversity(corpus),
        **_balance(corpus),
        **_contamination(parts),
        **_learning(parts),
    }
    numbers = {name: round(float(value), 6) for name, value in numbers.items()}
    frames: dict[Suite, Frame] = {
        "raw": raw.frame,
        "corpus": corpus.frame,
        "content": corpus.content,
        "splits": parts.frame,
        "chats": parts.chats,
        "numbers": {"id": ["corpus"], **{name: [value] for name, value in numbers.items()}},
    }
    return Evidence(frames, drawn, numbers, _counts(ages, corpus, parts))


def _drawn(ages: Ages, corpus: CorpusRows, parts: PartRows) -> dict[str, Drawn]:
    content = Drawn(length(corpus.content), ages.corpus.rows)
    chats = Drawn(length(parts.chats), sum(snapshot.rows for _, snapshot in ages.splits.parts()))
    words = Drawn(len(corpus.words), ages.corpus.rows)
    return {
        "content": content,
        "chats": chats,
        "words": words,
        **dict.fromkeys(("read_share", "task_largest_share"), content),
        **dict.fromkeys(("tokens_train", "learned_share_mean"), chats),
        **dict.fromkeys(("distinct_words", "distinct_pairs", "moving_type_token_ratio"), words),
        **dict.fromkeys(("question_likeness", "question_likeness_to_all"), words),
    }


def _sizes(ages: Ages, corpus: CorpusRows, parts: PartRows) -> dict[str, float]:
    """Rows, groups, characters and tokens; tokens of a large corpus are those of the sample, scaled up by part."""
    sizes: dict[str, float] = {
        "rows_in": ages.raw.rows + sum(ages.raw.dropped.values()),
        "rows_raw": ages.raw.rows,
        "rows_kept": ages.corpus.rows,
    }
    for part, snapshot in ages.splits.parts():
        sizes[f"rows_{part}"] = snapshot.rows
        sizes[f"groups_{part}"] = parts.groups[part]
    for name in ("question_chars", "answer_chars"):
        sizes[f"{name}_mean"] = mean(corpus.frame.get(name, []))
        sizes[f"{name}_max"] = _largest(corpus.frame.get(name, []))
    for kind in ("tokens", "o200k_tokens"):
        for part, snapshot in ages.splits.parts():
            sizes[f"{kind}_{part}"] = round(snapshot.rows * mean(_of_part(parts.chats, kind, part)))
        sizes[f"{kind}_total"] = sum(sizes[f"{kind}_{part}"] for part, _ in ages.splits.parts())
        sizes[f"{kind}_mean"] = mean(parts.chats.get(kind, []))
        sizes[f"{kind}_max"] = _largest(parts.chats.get(kind, []))
    return sizes


def _quality(ages: Ages, raw: RawRows, corpus: CorpusRows, settings: ValidateSettings) -> dict[str, float]:
    rows_in = ages.raw.rows + sum(ages.raw.dropped.values())
    content = corpus.content
    mentioned = sum(int(count or 0) for count in content.get("articles_mentioned", []))
    read = sum(int(count or 0) for count in content.get("articles_read", []))
    sizes = zip(raw.frame.get("question_chars", []), raw.frame.get("answer_chars", []), strict=True)
    return {
        "empty_share": mean(not (question and answer) for question, answer in sizes),
        "too_long_share": mean(int(chars or 0) > settings.max_answer_chars for chars in raw.frame["answer_chars"]),
        "dropped_share": 1 - ages.corpus.rows / max(1, rows_in),
        "changed_share": _changed_share(raw, corpus),
        "single_question_share": mean(earlier is None for earlier in corpus.frame["same_question_as"]),
        "polish_share": mean(content.get("is_polish", [])),
        "no_personal_data_share": mean(content.get("has_no_personal_data", [])),
        "cited_share": mean(content.get("cites_provision", [])),
        "articles_mentioned": mentioned,
        "read_share": read / mentioned if mentioned else 1.0,
        "sound_share": mean(content.get("cites_existing_law", [])),
        "accented_share": mean(content.get("has_polish_letters", [])),
    }


def _changed_share(raw: RawRows, corpus: CorpusRows) -> float:
    """Share of the kept rows whose question or answer is in no raw row."""
    import numpy as np

    if not corpus.texts:
        return 0.0
    kept, were = np.asarray(corpus.texts, np.int64), np.asarray(raw.texts, np.int64)
    return float(1 - np.isin(kept, were).mean())


def _diversity(corpus: CorpusRows) -> dict[str, float]:
    told = lexical([f"{row.question} {row.answer}" for row in corpus.words])
    asked = semantic([row.question for row in corpus.words])
    return {
        "distinct_words": told.words,
        "distinct_pairs": told.pairs,
        "moving_type_token_ratio": told.moving,
        "question_likeness": asked.nearest,
        "question_likeness_to_all": asked.all,
    }


def _balance(corpus: CorpusRows) -> dict[str, float]:
    kinds: dict[str, Mapping[str, int]] = {
        "area": corpus.areas,
        "task": _tasks(corpus),
        "item_type": corpus.item_types,
    }
    found: dict[str, float] = {}
    for name, counts in kinds.items():
        found[f"{name}_count"] = len(counts)
        found[f"{name}_largest_share"] = largest_share(counts)
        found[f"{name}_smallest_share"] = smallest_share(counts)
        found[f"{name}_evenness"] = evenness(counts)
    return found


def _contamination(parts: PartRows) -> dict[str, float]:
    frame = parts.frame
    return {
        "crossing_rows": sum(bool(crosses) for crosses in frame.get("group_crosses", [])),
        "leaked_rows": sum(seen is not None for seen in frame.get("leaks_from", [])),
        "rows_tested_before": sum(seen is not None for seen in frame.get("tested_before", [])),
        "benchmark_rows": parts.benchmark_rows,
        "rows_of_benchmarks": sum(name is not None for name in frame.get("holds_benchmark", [])),
    }


def _learning(parts: PartRows) -> dict[str, float]:
    shares = [float(share or 0) for share in parts.chats.get("learned_share", [])]
    return {"learned_share_mean": mean(shares), "learned_share_min": min(shares, default=0.0)}


def _counts(ages: Ages, corpus: CorpusRows, parts: PartRows) -> dict[str, dict[str, int]]:
    return {
        "unread": ages.raw.dropped,
        "dropped": ages.corpus.dropped,
        "changed": ages.corpus.changed,
        "question_chars": histogram(_numbers(corpus.frame.get("question_chars", []))),
        "answer_chars": histogram(_numbers(corpus.frame.get("answer_chars", []))),
        "tokens": histogram(_numbers(parts.chats.get("tokens", []))),
        "area": most_frequent(corpus.areas),
        "task": most_frequent(_tasks(corpus)),
        "item_type": most_frequent(corpus.item_types),
    }


def _tasks(corpus: CorpusRows) -> Counter[str]:
    return Counter(str(task) for task in corpus.content.get("task", []))


def _of_part(chats: Frame, name: str, part: str) -> list[Feature]:
    return [value for value, where in zip(chats.get(name, []), chats.get("part", []), strict=True) if where == part]


def _largest(column: list[Feature]) -> float:
    return max(_numbers(column), default=0.0)


def _numbers(column: list[Feature]) -> list[float]:
    return [float(value or 0) for value in column]
