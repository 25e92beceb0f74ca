"""Settings of validate: what rows must reach, each threshold with the reason why it stands where it does."""

from typing import Annotated, Literal

from pydantic import Field

from paragraf.errors import ParagrafError
from paragraf.load import files_of
from paragraf.publish import hash_file
from paragraf.similarity import NEAR
from paragraf.stage import StageSettings

Share = Annotated[float, Field(ge=0, le=1)]

# "measured" tells what our two good corpora have; thresholds stand clear of both: the sample (440 questions with
# answers in prose), and 1,451 closed items of the bar exams 2012-2019.


class ValidateSettings(StageSettings):
    """Thresholds of the expectations, and what is looked at."""

    sample_rows: Annotated[
        int,
        Field(
            ge=100,
            description="Rows that are looked at word by word (language, tokens, citations, personal data, task); from "
            "a larger corpus so many are drawn by the hash of their ids, and the verdict tells the margin.",
        ),
    ] = 20_000  # a share is then known to 0.7 percentage points (95 %)
    min_raw_rows: Annotated[int, Field(ge=1, description="Fewest rows that a source may hold.")] = 50
    min_train_rows: Annotated[int, Field(ge=1, description="Fewest training rows.")] = 30
    min_train_tokens: Annotated[
        int, Field(ge=0, description="Fewest tokens of training conversations; below it: a warning.")
    ] = 5_000  # 50 rows of 100 tokens: from 50 examples on OpenAI's guide sees a difference
    max_row_tokens: Annotated[
        int, Field(ge=64, description="Longest conversation in tokens of the base model; above it: a warning.")
    ] = 2048  # what format takes unless told otherwise
    max_answer_chars: Annotated[
        int, Field(ge=1, description="Longest answer in characters; above it: a warning, it may be a whole document.")
    ] = 20_000  # ten pages
    max_dropped_share: Annotated[
        Share, Field(description="Largest share of the rows that loading and cleaning may drop; above it: a warning.")
    ] = 0.3  # measured: none and 2 %
    max_changed_share: Annotated[
        Share, Field(description="Largest share of the kept rows whose text cleaning may change; above it: a warning.")
    ] = 0.5  # measured: none and 0.2 %; a source in a broken encoding is changed nearly whole
    min_polish_share: Annotated[Share, Field(description="Least share of rows in Polish.")] = 0.98
    personal_data: Annotated[
        Literal["critical", "warning"],
        Field(description="How grave personal data (PESEL, phone, name ...) in a row is; critical stops the run."),
    ] = "warning"
    min_cited_share: Annotated[
        Share, Field(description="Least share of answers that cite a provision; below it: a warning.")
    ] = 0.7  # measured: 95 % and all; an answer that nothing can be cited for is one in twenty of the sample
    min_read_share: Annotated[
        Share,
        Field(description="Least share of mentions of an article that can be read; below it: a warning."),
    ] = 0.95  # measured: all of 1,124 and of 1,418
    min_sound_share: Annotated[
        Share,
        Field(description="Least share of answers that cite no provision that does not exist; below it: a warning."),
    ] = 0.99  # measured: all
    min_accented_share: Annotated[
        Share, Field(description="Least share of answers with Polish letters (ą, ż ...); below it: a warning.")
    ] = 0.99  # measured: all; a source that lost them teaches a model to write without
    min_single_question_share: Annotated[
        Share, Field(description="Least share of rows whose question is asked once; below it: a warning.")
    ] = 0.8  # measured: all; augmentation comes later
    min_distinct_words: Annotated[
        Share,
        Field(description="Least share of distinct words among 1,000 of rows drawn; below it: a warning."),
    ] = 0.25  # measured: 0.56 and 0.36
    min_distinct_pairs: Annotated[
        Share, Field(description="Least share of distinct pairs of words in them; below it: a warning.")
    ] = 0.5  # measured: 0.89 and 0.62
    min_moving_type_token_ratio: Annotated[
        Share, Field(description="Least mean share of distinct words in every 100 words on end; below it: a warning.")
    ] = 0.5  # measured: 0.81 and 0.63
    max_question_likeness: Annotated[
        Share,
        Field(description="Largest mean cosine (letter n-grams) of a question to its nearest one; above: a warning."),
    ] = 0.85  # measured: 0.28 and 0.68; a number is all that differs: 0.95
    max_question_likeness_to_all: Annotated[
        Share, Field(description="Largest mean cosine of a question to all others; above: a warning.")
    ] = 0.35  # measured: 0.07 and 0.22; one template with two changing words: 0.44
    max_area_share: Annotated[Share, Field(description="Largest share of one area of law; above it: a warning.")] = (
        0.5  # measured: 0.10 and 0.31
    )
    min_area_evenness: Annotated[
        Share, Field(description="Least evenness of areas of law (entropy, 1 = all alike); below it: a warning.")
    ] = 0.6  # measured: 1.00 and 0.87; 0.6: ten areas, one of them with two thirds of the rows
    max_item_type_share: Annotated[
        Share, Field(description="Largest share of one type of item; above it: an information.")
    ] = 0.99  # measured: 0.50; closed items of exams are all of one type
    max_task_share: Annotated[
        Share, Field(description="Largest share of one task (answer, write, summarise ...); above it: an information.")
    ] = 0.99  # measured: 0.98; closed items of exams are all of one task
    min_learned_share: Annotated[
        Share, Field(description="Least share of a row's tokens that are learned (its answer); below it: a warning.")
    ] = 0.05  # measured: 0.55 and 0.11
    min_mean_learned_share: Annotated[
        Share, Field(description="Least mean of that share over all rows; below it: a warning.")
    ] = 0.15  # measured: 0.68 and 0.21
    leak_similarity: Annotated[
        float,
        Field(
            ge=0.5, le=1, description="Similarity (5-letter-gram Jaccard) from which a row of another part is a leak."
        ),
    ] = NEAR
    benchmarks: Annotated[
        tuple[str, ...],
        Field(
            description="Files of rows that the model will be measured on elsewhere; a training row that is nearly one "
            "of them, or holds one's question, stops the run."
        ),
    ] = ()
    data_docs: Annotated[
        bool,
        Field(description="Also write Great Expectations' Data Docs, as still pages, to reports/data-docs."),
    ] = False

    def parameters(self) -> dict[str, float]:
        """The thresholds by the names that the suites use."""
        held = self.model_dump()
        return {name: float(held[name]) for name in held if name.startswith(("min_", "max_"))}

    def content(self) -> str:
        """The settings with the digests of the files that they name: what a stored verdict rests on."""
        try:
            files = self.benchmark_files()
        except ParagrafError as error:  # told to the user when the stage reads them
            return f"{self.model_dump_json()} {error}"
        return f"{self.model_dump_json()} {[digest for _, digest in files]}"

    def benchmark_files(self) -> tuple[tuple[str, str], ...]:
        """Absolute path and digest of every benchmark file.

        Raises:
            MissingInput, NoPermission: a file is not there, or may not be read.
        """
        paths = [path.absolute() for source in self.benchmarks for path in files_of(source)]
        return tuple((str(path), hash_file(path)) for path in paths)
