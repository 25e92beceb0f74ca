"""Compare: the test questions and two models in, a sealed blind test of their answers out."""

from pathlib import Path

from prefect import flow, get_run_logger

import paragraf.compare
from flows.asking import side_by_side
from flows.prepare import prepare_rows
from paragraf.answer import AnswerSettings
from paragraf.ask import find_model
from paragraf.baselines.asking import Asking
from paragraf.chat import Framing
from paragraf.compare.sealing import BlindTest
from paragraf.compare.settings import CompareSettings
from paragraf.compare.sides import Side, is_answers_file, read_side, side_of, wanted_rows
from paragraf.models import find_base
from paragraf.snapshots import Snapshot
from tasks.fetch import fetch
from tasks.run_book import run_book


@flow(name="compare")
def compare(settings: CompareSettings = CompareSettings()) -> BlindTest:  # noqa: B008  # frozen, and the form shows its values
    """The data stages, the answers of both sides to the same test questions, and the test that hides whose they are."""
    with run_book("compare", settings) as (_, tracking):
        names = (settings.compare.first, settings.compare.second)
        sides = {name: read_side(Path(name)) for name in names if is_answers_file(name)}
        if len(sides) < len(names):
            test = wanted_rows(prepare_rows(settings, tracking).splits.test, list(sides.values()))
            how = settings.answer.model_copy(update={"rows": test.rows}) if sides else settings.answer
            sides |= _ask([name for name in names if name not in sides], test, settings.format.framing(), how)
        sealed = paragraf.compare.compare(sides[names[0]], sides[names[1]], settings.compare)
        get_run_logger().info("Sealed the blind test %s.", sealed.name)
        return sealed


def _ask(names: list[str], test: Snapshot, framing: Framing, settings: AnswerSettings) -> dict[str, Side]:
    """The answers of models to the test questions, from the stage that also answers for an evaluation."""
    models = {name: find_model(fetch(name)) for name in names}
    bases = {name: model.base if model else find_base(name) for name, model in models.items()}
    titles = {name: Path(model.path).name if model else bases[name].name for name, model in models.items()}
    with side_by_side(*bases.values()) as askers:
        awaited = {
            name: askers.ask(test, bases[name], model, Asking(framing=model.framing if model else framing), settings)
            for name, model in models.items()
        }
        return {name: side_of(titles[name], test.read(), said.result().read()) for name, said in awaited.items()}
