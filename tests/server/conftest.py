from collections.abc import Iterator

import pytest

from paragraf.models import Base
from tests.server.serving import Running, begin, ended, rows, start_server


@pytest.fixture(scope="session")
def server(tiny: Base, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One server for all tests that leave it as it is; in fp32 an answer does not depend on who else asks."""
    running = start_server(tmp_path_factory.mktemp("server"), tiny, "--serve.precision", "fp32")
    yield running
    running.end()


@pytest.fixture(scope="session")
def strict(tiny: Base, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server that takes little: files of one MB, one request that waits."""
    running = start_server(tmp_path_factory.mktemp("strict"), tiny, "--serve.max-file-mb", "1")
    yield running
    running.end()


@pytest.fixture(scope="session")
def jobs(server: Running) -> list[str]:
    """Two finished jobs on different rows."""
    with server.client() as (client, _):
        content = [rows(12, answer="tak " * 30), rows(12, answer="nie " * 30, start=12)]
        begun = [
            begin(client, part, epochs=4, rate=20, seed=3, suffix=f"część {at}", metadata={"at": str(at)})
            for at, part in enumerate(content)
        ]
        assert [ended(client, job).status for job in begun] == ["succeeded", "succeeded"]
    return begun
