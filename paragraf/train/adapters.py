"""Adapters: a base model in, the same model with what is to be trained out."""

import torch
from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training

from paragraf.models import Base, TorchModel, open_adapter, open_base
from paragraf.train.settings import FullSettings, LocalTraining, LoraSettings


def trainable(base: Base, settings: LocalTraining, attention: str) -> TorchModel:
    """The base model, open for training as the settings say."""
    if isinstance(settings, FullSettings):
        model = open_base(base, attention=attention, precision="fp32")
        model.config.use_cache = False
        return model
    model = open_base(base, attention=attention, precision=settings.precision)
    model.config.use_cache = False
    if settings.precision != "bf16":
        model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=settings.gradient_checkpointing)
    start = settings.start()
    # on a CPU adapters of the base's own bf16 train 1.2 to 1.4 times faster than in fp32, at 1.6 % more loss; what has
    # been learned is trained on in small steps, which bf16 would round away
    upcast = torch.cuda.is_available() or settings.precision != "bf16" or start is not None
    if start:
        return open_adapter(model, start, base, upcast=upcast)
    adapted = get_peft_model(model, _config(settings, model), autocast_adapter_dtype=upcast)
    adapted.peft_config["default"].base_model_name_or_path = base.name  # a path would name this machine
    return adapted


def _config(settings: LoraSettings, model: TorchModel) -> LoraConfig:
    layers = model.config.num_hidden_layers
    top = list(range(max(0, layers - settings.top_layers), layers)) if settings.top_layers else None
    return LoraConfig(
        task_type="CAUSAL_LM",
        r=settings.rank,
        lora_alpha=settings.alpha,
        lora_dropout=settings.dropout,
        use_rslora=settings.variant == "rslora",
        use_dora=settings.variant == "dora",
        # layers can be chosen only when their modules are named
        target_modules=_linear_names(model) if top else "all-linear",
        layers_to_transform=top,
    )


def _linear_names(model: TorchModel) -> list[str]:
    head = model.get_output_embeddings()
    linear = (name for name, part in model.named_modules() if isinstance(part, torch.nn.Linear) and part is not head)
    return sorted({name.split(".")[-1] for name in linear})
