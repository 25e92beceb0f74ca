"""Training recipes: the same rows as three trainers take them: the seed's, TRL's by its defaults, and ours."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paragraf.chat import Conversation, Encoded, Tokenizer, conversation, encode
from paragraf.models import Base, open_base, open_tokenizer
from paragraf.records import Record
from paragraf.train.settings import LoraSettings, MonitorSettings

BATCH = 4
SAMPLE = Path(__file__).parents[1] / "paragraf" / "data" / "sample.jsonl"
_WATCHED = MonitorSettings(points=1, rows=1, prompts=0, retention=False)  # the benchmark measures for itself
OURS = LoraSettings(epochs=1, batch_size=BATCH, checkpoint_steps=10**6, monitor=_WATCHED)


@dataclass
class Rows:
    """Training and held-out rows with what is known of them."""

    base: Base
    tokenizer: Tokenizer
    train: list[Conversation]
    valid: list[Conversation]

    @classmethod
    def of_sample(cls, base: Base, train: int, valid: int) -> "Rows":
        """Rows of the sample corpus, spread over it."""
        lines = SAMPLE.read_text("utf-8").splitlines()
        spread = [json.loads(line) for line in lines[:: max(1, len(lines) // (train + valid))][: train + valid]]
        records = [Record(id=row["id"], question=row["question"], answer=row["answer"]) for row in spread]
        chats = [conversation(record) for record in records]
        return cls(base, open_tokenizer(base), chats[:train], chats[train:])

    @property
    def encoded(self) -> list[Encoded]:
        return [encode(self.tokenizer, chat["messages"]) for chat in self.train]

    @property
    def tokens(self) -> int:
        return sum(len(row.ids) for row in self.encoded)

    @property
    def steps(self) -> int:
        return -(-len(self.train) // BATCH)

    @property
    def flops(self) -> float:
        """Operations of an epoch that any way of training adapters must do: forward, and back to the inputs.

        Linear weights once forward and once back, the vocabulary head on answer tokens alone, the adapters thrice
        (their weights have gradients); attention's own products are left out, as in the usual count. Ours computes the
        beginning that the rows of a batch share only once; it is counted for every row all the same.
        """
        linear, head, adapters = 106.2e6, 28.3e6, 4.9e6  # weights of SmolLM2-135M, rank 16 on all linear layers
        answers = sum(len(row.ids) - row.prompt for row in self.encoded)
        return self.tokens * (4 * linear + 6 * adapters) + answers * 4 * head

    def loss(self, model: Any) -> float:
        """Mean loss of the held-out answers' tokens, in nats."""
        from paragraf.answering import answer_loss

        model.eval()
        with _whole_head(model):
            pairs = [encode(self.tokenizer, chat["messages"]) for chat in self.valid]
            total = sum(answer_loss(model, row.ids, row.prompt) for row in pairs)
        return total / sum(len(row.ids) - row.prompt for row in pairs)

    def base_loss(self) -> float:
        return self.loss(open_base(self.base))


def seed(rows: Rows, folder: Path) -> Any:
    """The seed's recipe: fp32, padded to 512, all tokens scored, checkpointing, LoRA of rank 8 on q and v."""
    from datasets import Dataset
    from peft import LoraConfig, get_peft_model
    from transformers import DataCollatorForLanguageModeling, Trainer, TrainingArguments

    model = open_base(rows.base, precision="fp32")
    config = LoraConfig(
        task_type="CAUSAL_LM", r=8, lora_alpha=32, lora_dropout=0.1, target_modules=["q_proj", "v_proj"]
    )
    model = get_peft_model(model, config)
    model.enable_input_require_grads()
    tokenizer: Any = rows.tokenizer
    texts = [
        f"### Instrukcja:\n{chat['messages'][1]['content']}\n\n### Odpowiedź:\n{chat['messages'][2]['content']}"
        for chat in rows.train
    ]
    data = Dataset.from_dict(dict(tokenizer(texts, truncation=True, padding="max_length", max_length=512)))
    return Trainer(
        model=model,
        args=TrainingArguments(
            output_dir=str(folder),
            num_train_epochs=1,
            per_device_train_batch_size=BATCH,
            learning_rate=5e-5,
            warmup_steps=100,
            activation_checkpointing=True,
            logging_steps=10,
            save_strategy="no",
            disable_tqdm=True,
            report_to="none",
        ),
        train_dataset=data,
        data_collator=DataCollatorForLanguageModeling(tokenizer, mlm=False),
    )


def trl(rows: Rows, folder: Path) -> Any:
    """TRL's SFTTrainer by its defaults (bf16, checkpointing, its own loss), with our adapters, rate and batch."""
    from datasets import Dataset
    from peft import LoraConfig
    from trl import SFTConfig, SFTTrainer

    pairs = [{"prompt": chat["messages"][:-1], "completion": chat["messages"][-1:]} for chat in rows.train]
    return SFTTrainer(
        model=open_base(rows.base, precision="fp32"),
        args=SFTConfig(
            output_dir=str(folder),
            num_train_epochs=1,
            per_device_train_batch_size=BATCH,
            learning_rate=OURS.learning_rate,
            lr_scheduler_type="cosine",
            warmup_steps=OURS.warmup_share,
            save_strategy="no",
            disable_tqdm=True,
            report_to="none",
            use_cpu=_no_gpu(),
        ),
        train_dataset=Dataset.from_list(pairs),
        processing_class=rows.tokenizer,
        peft_config=LoraConfig(task_type="CAUSAL_LM", r=OURS.rank, lora_alpha=OURS.alpha, target_modules="all-linear"),
    )


def ours(rows: Rows, folder: Path, *, compiled: bool) -> Any:
    """The project's own engine by its defaults."""
    from datasets import Dataset

    from paragraf.train.engine import Material, build
    from paragraf.train.rows import row_of

    folder.mkdir(parents=True, exist_ok=True)
    train = Dataset.from_list([row_of(row) for row in rows.encoded])
    valid = Dataset.from_list([row_of(encode(rows.tokenizer, chat["messages"])) for chat in rows.valid])
    material = Material(rows.base, rows.tokenizer, train, valid, rows.valid)
    trainer = build(material, OURS.model_copy(update={"compile": compiled}), folder)
    trainer.args.eval_on_start = False
    return trainer


def _no_gpu() -> bool:
    import torch

    return not torch.cuda.is_available()


def _whole_head(model: Any) -> Any:
    """The vocabulary head in its place, if something stands for it."""
    from paragraf.train.fast_cpu import FrozenHead
    from paragraf.train.monitor import answering

    heads = [part for part in model.modules() if isinstance(part, FrozenHead)]
    return answering(heads[0] if heads else None)
