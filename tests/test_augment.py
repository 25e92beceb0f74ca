"""The whole stage: which variants are made of training rows, which live, and why the others do not."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from random import Random

import pytest
from pydantic import ValidationError

from paragraf.augment import AugmentSettings, augment
from paragraf.augment.balance.settings import BalanceSettings
from paragraf.augment.noise import NoiseSettings
from paragraf.augment.paraphrase import BackTranslationSettings, ParaphraseSettings, Wordings
from paragraf.generator import Failed, Generated, Generator, Request, Silent
from paragraf.load import LoadSettings, load
from paragraf.records import Kept, Record
from paragraf.runner import HERE, Processes, Runner

ROWS = Kept.of(load(LoadSettings())).records[:160]
MANY = AugmentSettings(variation_share=1, template_share=0.5, noise=NoiseSettings(share=0.5), contrast_share=1)
NOTHING = AugmentSettings(variation_share=0, template_share=0, noise=NoiseSettings(share=0))
TECHNIQUES = {"variation", "template", "noise", "contrast"}


def augmented(
    rows: Sequence[Record],
    settings: AugmentSettings = MANY,
    held_out: Sequence[Record] = (),
    generator: Generator | None = None,
    runner: Runner = HERE,
) -> Kept:
    return Kept.of(
        line.outcome()
        for line in augment(rows, [held_out], settings, generator or Silent(), runner)
        if line.row or line.note
    )


def variants(kept: Kept) -> dict[str, Record]:
    return {record.id: record for record in kept.records if record.technique}


class Rewording:
    """A language model that puts words before every question, and now and then changes a number."""

    def generate(self, requests: Iterable[Request[Wordings]]) -> Iterator[Generated[Wordings] | Failed]:
        for number, request in enumerate(requests):
            if request.form is not Wordings:
                yield Failed("refused", "")
                continue
            question = ROWS[number].question
            told = question if number % 2 else f"{question} Chodzi o 77 dni."
            yield Generated(Wordings(questions=[f"Mam pytanie prawne. {told}"]))

    def spent(self) -> object:
        return None


def test_all_rows_stay_in_order_and_as_they_were() -> None:
    assert [row for row in augmented(ROWS).records if not row.technique] == ROWS


def test_every_technique_makes_variants_that_differ_in_question_and_lineage_only() -> None:
    made = variants(augmented(ROWS))
    assert {row.technique for row in made.values()} == TECHNIQUES
    origins = {row.id: row for row in ROWS}
    for row in made.values():
        origin = origins[row.origin]
        assert row.question != origin.question
        assert row.seed == MANY.seed
        kept = replace(row, id="", question="", origin="", technique="", seed=None)
        if row.technique == "contrast":
            assert row.item_type == "false_premise"
            assert row.answer.endswith(origin.answer)
            kept = replace(kept, answer=origin.answer, item_type=origin.item_type, facts=origin.facts)
        assert kept == replace(origin, id="", question="")


def test_which_rows_get_a_variant_does_not_depend_on_their_position() -> None:
    shuffled = list(ROWS)
    Random(0).shuffle(shuffled)
    assert variants(augmented(shuffled)) == variants(augmented(ROWS))


def test_the_same_seed_gives_the_same_rows_and_another_seed_others() -> None:
    assert augmented(ROWS) == augmented(ROWS)
    assert variants(augmented(ROWS)) != variants(augmented(ROWS, MANY.model_copy(update={"seed": 8})))


@pytest.mark.slow
def test_several_processes_make_what_one_makes() -> None:
    rows = [replace(row, id=f"{row.id}-{copy}") for copy in range(8) for row in ROWS]
    with Processes(2) as runner:
        assert augmented(rows, runner=runner) == augmented(rows)


def test_shares_of_nothing_change_nothing() -> None:
    kept = augmented(ROWS, NOTHING)
    assert (kept.records, kept.dropped) == (ROWS, [])


def test_variants_get_no_variants() -> None:
    once = augmented(ROWS)
    assert variants(augmented(once.records)).keys() == variants(once).keys()


def test_a_variant_that_asks_what_a_test_row_asks_is_dropped_and_its_technique_named() -> None:
    chosen = next(row for row in variants(augmented(ROWS)).values() if row.technique == "variation")
    test_row = Record("t", chosen.question.upper(), "Zupełnie inna odpowiedź.")
    kept = augmented(ROWS, held_out=[test_row])
    assert chosen.id not in variants(kept)
    assert [item.reason for item in kept.dropped if item.record.id == chosen.id] == ["variation:equals_test_row"]


def test_what_was_declined_is_counted_with_its_reason() -> None:
    reasons = [reason for line in augment(ROWS, [], MANY, Silent()) if not line.row for reason in line.reasons]
    assert "variation:declined_no_frame" in reasons
    assert all(reason.partition(":")[0] in TECHNIQUES for reason in reasons)


def test_a_model_s_wording_lives_only_if_it_keeps_the_numbers() -> None:
    settings = NOTHING.model_copy(
        update={"paraphrase": ParaphraseSettings(share=1), "back_translation": BackTranslationSettings(share=0)}
    )
    kept = augmented(ROWS[:20], settings, generator=Rewording())
    assert {row.origin for row in variants(kept).values()} <= {row.id for row in ROWS[1:20:2]}
    assert len(variants(kept)) >= 8
    wrong = {item.record.origin: item.reason for item in kept.dropped}
    assert wrong.keys() >= {row.id for row in ROWS[0:20:2]}
    assert all(reason.startswith("paraphrase:") for reason in wrong.values())


def test_without_a_model_the_log_says_what_was_skipped(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        augmented(ROWS, AugmentSettings())
    assert "Skipped paraphrase" in caplog.text
    assert "generator.kind is 'none'" in caplog.text


def test_small_areas_are_filled_with_variants_and_large_ones_cut() -> None:
    rows = [*ROWS[:44], *ROWS[44:54]]
    areas = {row.area for row in rows}
    balance = BalanceSettings(by=("area",), target_rows=40)
    kept = augmented(rows, NOTHING.model_copy(update={"balance": balance}))
    counts = {area: sum(row.area == area for row in kept.records) for area in areas}
    assert set(counts.values()) == {20}
    assert len({row.question for row in kept.records}) == 40


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_out_of_bounds_is_refused(share: float) -> None:
    with pytest.raises(ValidationError):
        AugmentSettings(variation_share=share)
