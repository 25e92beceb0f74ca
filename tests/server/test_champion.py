"""The registry's alias: what it points at is what the server answers with, if its files are here."""

import pytest

from flows.serve import aliases
from paragraf.events import record_event
from paragraf.models import Base, Model
from paragraf.publish import publish, verify
from paragraf.registry import CHAMPION
from paragraf.workspace import home, relative
from tasks.registry import REGISTERED_NAME
from tasks.tracking import client

pytestmark = pytest.mark.slow


def test_the_alias_names_the_model_as_long_as_it_is_whole() -> None:
    assert aliases() == {}
    final = home() / "models" / "lora-1"
    with publish(final) as folder:
        (folder / "adapter_model.safetensors").write_bytes(b"weights")
    base = Base(path="b", digest="d", name="base", tokenizer="t", template="p")
    model = Model(path=relative(final), digest=verify(final), base=base, backend="lora")
    record_event("model_ready", {"version": "1", "model": model.model_dump_json()})
    store = client()
    store.create_registered_model(REGISTERED_NAME)
    store.create_model_version(REGISTERED_NAME, str(final))
    assert aliases() == {}
    store.set_registered_model_alias(REGISTERED_NAME, CHAMPION, "1")
    assert aliases() == {"champion": model}
    (final / "adapter_model.safetensors").write_bytes(b"others")
    assert aliases() == {}
