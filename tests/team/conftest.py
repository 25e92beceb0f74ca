import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.team.stores import Team, objects_alone, postgres_programs, team_at


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """A team's stores, started once a file."""
    if not (postgres_programs() / "initdb").is_file():
        _missing("Postgres")
    _needs_objects()
    with team_at(tmp_path_factory.mktemp("team")) as running:
        yield running


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """The S3 server alone."""
    _needs_objects()
    with objects_alone(tmp_path_factory.mktemp("bucket")) as running:
        yield running


def _needs_objects() -> None:
    if not Path(sys.executable).with_name("nanio").is_file():
        _missing("S3 server")


def _missing(what: str) -> None:
    if os.environ.get("PARAGRAF_CI"):
        pytest.fail(f"the tests of a team's stores must run here, and there is no {what}")
    pytest.skip(f"there is no {what} here")
