"""Chat: a record as the messages that the model learns from, and the token ids of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NotRequired, Protocol, TypedDict, cast

from pydantic import BaseModel, ConfigDict

from paragraf.records import Record
from paragraf.task_type import prefixed

# Disclosure is part of every conversation: a program answers, and what it says is no legal advice.
SYSTEM = (
    "Jesteś programem. Odpowiadasz na pytania o polskie prawo i podajesz podstawę prawną. To nie jest porada prawna."
)
IGNORED = -100  # label of a token that is not learned (torch's cross entropy skips it)


class Framing(BaseModel):
    """How questions are put to a model, in training and whenever it is asked later: after what, and in which form."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    system: str = SYSTEM
    task_prefixes: bool = False

    def asked(self, question: str) -> str:
        """The question as the model reads it."""
        return prefixed(question) if self.task_prefixes else question


PLAIN = Framing()


class Message(TypedDict):
    """One turn, as the OpenAI protocol and every chat template know it."""

    role: Literal["system", "user", "assistant"]
    content: str


class Conversation(TypedDict):
    """One line of a training file."""

    messages: list[Message]
    id: NotRequired[str]


class AddedToken(Protocol):
    """A token that the tokenizer knows beside its vocabulary."""

    content: str
    special: bool


class Tokenizer(Protocol):
    """The part of a Hugging Face tokenizer that is used here."""

    eos_token: str
    eos_token_id: int
    added_tokens_decoder: Mapping[int, "AddedToken"]

    def apply_chat_template(
        self, conversation: Sequence[Message], *, tokenize: bool, add_generation_prompt: bool
    ) -> str: ...

    def encode(self, text: str, *, add_special_tokens: bool) -> list[int]: ...

    def decode(self, token_ids: Sequence[int], *, skip_special_tokens: bool) -> str: ...


@dataclass(frozen=True, slots=True)
class Encoded:
    """Token ids of a whole conversation; `prompt` of them come before the answer."""

    ids: list[int]
    prompt: int

    def labels(self) -> list[int]:
        """Ids with the prompt masked: only the answer and its end of turn are learned."""
        return [IGNORED] * self.prompt + self.ids[self.prompt :]


def question_messages(question: str, legal_state: str, framing: Framing = PLAIN) -> list[Message]:
    """What the model is asked: who it is, the state of law, the question."""
    state = f" Stan prawny: {legal_state}." if legal_state else ""
    return [
        {"role": "system", "content": framing.system + state},
        {"role": "user", "content": framing.asked(question)},
    ]


def conversation(record: Record, framing: Framing = PLAIN) -> Conversation:
    """A record as one training example."""
    answer: Message = {"role": "assistant", "content": record.answer}
    return {"messages": [*question_messages(record.question, record.legal_state, framing), answer]}


def encode(tokenizer: Tokenizer, messages: Sequence[Message]) -> Encoded:
    """Ids of a conversation that ends with an answer; the answer ends with the end-of-turn token."""
    prompt = encode_prompt(tokenizer, messages[:-1])
    answer = harmless(messages[-1]["content"], control_tokens(tokenizer)) + tokenizer.eos_token
    return Encoded(prompt + tokenizer.encode(answer, add_special_tokens=False), len(prompt))


def encode_prompt(tokenizer: Tokenizer, messages: Sequence[Message]) -> list[int]:
    """Ids of the turns before an answer, ready for the model to go on."""
    control = control_tokens(tokenizer)
    safe = [
        cast(Message, {"role": message["role"], "content": harmless(message["content"], control)})
        for message in messages
    ]
    text = tokenizer.apply_chat_template(safe, tokenize=False, add_generation_prompt=True)
    return tokenizer.encode(text, add_special_tokens=False)


def control_tokens(tokenizer: Tokenizer) -> list[str]:
    """All tokens that steer a model, also those without a role of their own such as the start of a file."""
    return [token.content for token in tokenizer.added_tokens_decoder.values() if token.special]


def harmless(content: str, control: Collection[str]) -> str:
    """Content in which no control token occurs: a row cannot open or close a turn."""
    for token in control:
        if token and token in content:
            content = content.replace(token, f"{token[0]} {token[1:]}" if len(token) > 1 else " ")
    return content
