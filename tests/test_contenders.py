"""Ways of asking side by side: the same rows, quality, time, tokens and cost, and who is the best without training."""

import pytest

from paragraf.answer import Answer, Answers, publish_answers, to_line
from paragraf.baselines.asking import Asking
from paragraf.baselines.contenders import Contest, Heard, contest, judge_all
from paragraf.baselines.contests import keep_contest, newest_contest
from paragraf.baselines.library import Library
from paragraf.baselines.settings import PriceSettings
from paragraf.judging import marked, measured
from paragraf.records import Record
from paragraf.snapshots import Snapshot

PERIOD = Record(id="period", question="Jaki okres?", answer="x", legal_basis=("art. 36 § 1 k.p.",))
NOTICE = Record(id="notice", question="Jaki termin?", answer="y", legal_basis=("art. 118 k.c.",))
RECORDS = [PERIOD, NOTICE]
RIGHT = {
    "period": "Okres wypowiedzenia wynosi dwa tygodnie. Podstawa prawna: art. 36 § 1 k.p.",
    "notice": "Termin wynosi sześć lat. Podstawa prawna: art. 118 k.c.",
}
WRONG = dict.fromkeys(RIGHT, "Nie wiem, jaki jest termin.")
LIBRARY = Library(path="libraries/x", digest="x", examples=1, passages=1, left_out={})
FEW_SHOT = Asking(way="few_shot", examples=1, library=LIBRARY)


def said(texts: dict[str, str], seconds: float = 2.0, read: int = 100, written: int = 50) -> list[Answer]:
    return [
        Answer(name, text=text, finished=True, read=read, written=written, seconds=seconds)
        for name, text in texts.items()
    ]


def held(*heard: Heard, price: PriceSettings = PriceSettings()) -> Contest:  # noqa: B008
    return judge_all(RECORDS, heard, price)


def test_every_contender_is_judged_by_every_measure() -> None:
    result = held(Heard("base", Asking(), said(WRONG)), Heard("tuned", Asking(), said(RIGHT)))
    assert [list(one.measures) for one in result.contenders] == [[score.name for score in measured([])]] * 2
    assert [one.measures["citation_f1"].value for one in result.contenders] == [0.0, 1.0]
    assert [one.measures["citation_presence"].value for one in result.contenders] == [0.0, 1.0]
    assert result.rows == 2


def test_one_answer_is_judged_as_all_are() -> None:
    [mark] = marked([PERIOD], {"period": said(RIGHT)[0]})
    assert (mark.judged.id, mark.judged.cites, mark.judged.malformed) == ("period", ("kp:art=36",), "")
    assert (mark.is_polish, mark.repetition) == (True, 0.0)
    assert (mark.is_advice, mark.is_restrained, mark.choice) == (None, None, None)


def test_only_rows_that_all_answered_count() -> None:
    few = Heard("base_few_shot", FEW_SHOT, said({"notice": RIGHT["notice"]}))
    whole = Heard("base", Asking(), [*said(RIGHT), Answer("unasked", loss=1.0, tokens=3)])
    result = held(whole, few)
    assert result.rows == 1
    assert [one.measures["polish"].n for one in result.contenders] == [1, 1]


@pytest.mark.parametrize("heard", [[], [Heard("base", Asking(), [Answer("period", loss=1.0, tokens=1)])]])
def test_where_nobody_answered_there_is_no_contest(heard: list[Heard]) -> None:
    assert judge_all(RECORDS, heard, PriceSettings()) == Contest.empty()


@pytest.mark.parametrize(
    ("price", "cost"),
    [
        (PriceSettings(), 0.0),
        (PriceSettings(hour=3.6), 0.002),  # 2 s of a machine at 3.60 an hour
        (PriceSettings(input=10, output=40), 0.003),  # 100 tokens at 10 and 50 at 40 a million
        (PriceSettings(hour=3.6, input=10, output=40), 0.005),
    ],
)
def test_an_answer_costs_its_seconds_and_its_tokens(price: PriceSettings, cost: float) -> None:
    [one] = held(Heard("base", Asking(), said(WRONG)), price=price).contenders
    assert one.cost == pytest.approx(cost)


def test_tokens_seconds_and_cost_are_means_of_an_answer() -> None:
    answers = [*said({"period": "a"}, 1.0, 10, 1), *said({"notice": "b"}, 3.0, 30, 5)]
    [one] = held(Heard("base", Asking(), answers), price=PriceSettings(hour=3600)).contenders
    assert (one.seconds, one.read, one.written, one.cost) == (2.0, 20.0, 3.0, 2.0)


def test_the_untrained_come_first_and_the_plain_before_the_aided() -> None:
    names = ["tuned_rag", "tuned", "base_few_shot", "base"]
    heard = [Heard(name, FEW_SHOT if "_" in name else Asking(), said(WRONG)) for name in names]
    assert [one.name for one in held(*heard).contenders] == ["base", "base_few_shot", "tuned", "tuned_rag"]


def test_the_best_without_training_is_the_one_that_cites_best_and_of_equals_the_plainest() -> None:
    plain, aided = Heard("base", Asking(), said(WRONG)), Heard("base_few_shot", FEW_SHOT, said(RIGHT))
    tuned = Heard("tuned", Asking(), said(RIGHT))
    best = held(plain, aided, tuned).best_untrained()
    assert best is not None
    assert best.name == "base_few_shot"
    equal = held(plain, Heard("base_few_shot", FEW_SHOT, said(WRONG))).best_untrained()
    assert equal is not None
    assert equal.name == "base"


def test_without_a_trained_model_there_is_no_best_one() -> None:
    assert held(Heard("base", Asking(), said(WRONG))).best_tuned() is None


def at_rest(asking: Asking, answers: list[Answer]) -> Answers:
    return publish_answers("base", asking, "".join(map(to_line, answers)).encode())


def test_answers_at_rest_are_named_by_model_and_way() -> None:
    asked = Snapshot.write("test", RECORDS)
    result = contest(asked, [at_rest(Asking(), said(WRONG)), at_rest(FEW_SHOT, said(RIGHT))], PriceSettings())
    assert [one.name for one in result.contenders] == ["base", "base_few_shot"]


def test_the_newest_contest_of_the_same_rows_is_found_again() -> None:
    asked, others = Snapshot.write("test", RECORDS), Snapshot.write("test", [PERIOD])
    first, second = (held(Heard("base", Asking(), said(texts))) for texts in (WRONG, RIGHT))
    assert newest_contest(asked) is None
    keep_contest(first, asked)
    keep_contest(second, asked)
    keep_contest(first, others)
    assert newest_contest(asked) == second


def test_an_empty_contest_is_not_kept() -> None:
    asked = Snapshot.write("test", RECORDS)
    keep_contest(Contest.empty(), asked)
    assert newest_contest(asked) is None
