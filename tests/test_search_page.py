"""The page of a search: what it tells, that no text becomes markup, and the settings file beside it."""

import re
from pathlib import Path

import pytest

from paragraf.search import SearchResult, SearchSettings, SweepSettings, search
from paragraf.search.importance import importance
from paragraf.search.page import best_settings, publish_search, render
from paragraf.search.trials import Measured, Trial
from paragraf.search.wording import value_text
from paragraf.settings import Settings, read_yaml
from paragraf.workspace import at_rest
from tests.pages import HOSTILE, Skeleton, as_harmless
from tests.searching import BASE, CountingTrainer, ShufflingPool, chats

SETTINGS = SweepSettings.model_validate(
    {
        "clean": {"min_rows": 7},
        "train": {"rank": 8},
        "search": {"space": {"learning_rate": [1e-5, 1e-4, 0.05], "epochs": [1, 3]}, "sampler": "grid"},
    }
)


def found(**changed: object) -> SearchResult:
    settings = SETTINGS.model_copy(update={"search": SETTINGS.search.model_copy(update=changed)})
    return search(chats(), BASE, settings, ShufflingPool(chats(), CountingTrainer()), lambda trial: None)


def text_of(page: bytes) -> str:
    return " ".join(Skeleton(page.decode()).text.split())


def test_the_page_names_the_best_its_cost_and_that_the_test_part_was_not_read() -> None:
    files = render("przebieg", found(pruning="none"), SETTINGS)

    text = text_of(files["search.html"])
    assert "Najniższą stratę walidacyjną, 1,010, dała próba 3" in text
    assert "szybkość uczenia 0,0001 · epoki 3" in text
    assert "Części testowej przy wyborze nie czytano" in text
    assert "pełna siatka: 1200" in text
    assert "✗ nieudana step 7: loss is nan" in text
    assert "części testowej przy wyborze nie czytano" in files["search.md"].decode()


def test_all_trials_stand_in_both_pages_best_first() -> None:
    result = found()
    files = render("przebieg", result, SETTINGS)

    in_markdown = re.findall(r"^\| (\d+) \| (?:do końca|przerwana|nieudana)", files["search.md"].decode(), re.MULTILINE)
    assert [int(number) for number in in_markdown] == [trial.number for trial in result.trials]
    assert text_of(files["search.html"]).count("przerwana") >= sum(trial.state == "pruned" for trial in result.trials)


def test_the_pages_show_pictures_that_lie_beside_them() -> None:
    files = render("przebieg", found(), SETTINGS)

    linked = re.findall(r"\]\((figures/\w+\.png)\)", files["search.md"].decode())
    assert sorted(linked) == sorted(name for name in files if name.startswith("figures/"))
    assert all(files[name].startswith(b"\x89PNG") for name in linked)
    addresses = Skeleton(files["search.html"].decode()).addresses
    assert all(address.startswith(("#", "data:image/png;base64,")) for address in addresses)


def test_hostile_text_never_becomes_markup() -> None:
    def page(texts: list[str]) -> dict[str, bytes]:
        result = found()
        trials = [
            trial.model_copy(update={"state": "failed", "rungs": (), "failure": text})
            for trial, text in zip(result.trials * 4, texts, strict=False)
        ]
        hostile = result.model_copy(update={"trials": (result.best, *trials)})
        settings = SETTINGS.model_copy(update={"load": SETTINGS.load.model_copy(update={"source": texts[0]})})
        return render(texts[1], hostile, settings)

    harmless, hostile = page(as_harmless(HOSTILE)), page(HOSTILE)

    elements = [Skeleton(files["search.html"].decode()).elements for files in (harmless, hostile)]
    assert elements[0] == elements[1]
    assert "<script" not in hostile["search.md"].decode()
    assert "\x1b" not in hostile["search.md"].decode() + hostile["search.html"].decode()


def test_the_best_settings_are_a_file_that_finetune_takes(tmp_path: Path) -> None:
    result = found()
    path = tmp_path / "best.yaml"
    path.write_text(best_settings(result, SETTINGS), "utf-8")

    settings = Settings.model_validate(read_yaml(path, Settings))

    assert settings.train == result.settings
    assert settings.train.rank == 8
    assert settings.clean == SETTINGS.clean


def test_a_published_search_lies_in_the_reports() -> None:
    report = publish_search("przebieg", found(), SETTINGS)

    assert report.path.startswith("reports/search-")
    names = {path.name for path in at_rest(report.path).iterdir()}
    assert names == {"search.html", "search.md", "best.yaml", "figures", "manifest.json"}


def test_too_few_trials_have_no_importance() -> None:
    result = found(sampler="random", trials=3)

    assert importance(result.trials, result.space).shares == {}
    assert "Za mało prób" in text_of(render("przebieg", result, SETTINGS)["search.html"])


def test_the_setting_that_decides_is_the_most_important() -> None:
    space = SearchSettings(space={"learning_rate": [1e-5, 1e-4, 1e-3], "rank": [2, 4, 8]}).space
    trials = [
        Trial(
            number=number,
            bracket=0,
            values={"learning_rate": rate, "rank": rank},
            rungs=(Measured(share=1.0, step=1, loss=-rate + rank * 1e-9, rows=1, seconds=0.0),),
        )
        for number, (rate, rank) in enumerate((rate, rank) for rate in (1e-5, 1e-4, 1e-3) for rank in (2, 4, 8))
    ]

    shares = importance(trials, space).shares

    assert next(iter(shares)) == "learning_rate"
    assert sum(shares.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("value", "text"), [(5e-5, "5e-5"), (0.0001, "0,0001"), (3.0, "3"), (0.1, "0,1"), (16, "16"), (True, "tak")]
)
def test_values_are_told_in_polish_notation(value: float, text: str) -> None:
    assert value_text(value) == text
