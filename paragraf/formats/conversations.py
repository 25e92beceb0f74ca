"""Conversations: turns in, in any of the ways that chats are kept in, the last question with its answer out."""

from collections.abc import Sequence

from paragraf.errors import BadRow
from paragraf.formats.fields import list_of, present, record_of, text_of
from paragraf.formats.marked_text import turns_of
from paragraf.lines import Place
from paragraf.reader import Row
from paragraf.records import Record
from paragraf.strict_json import described

Turn = tuple[str, str]  # role, content

SHAREGPT = ("conversations", "conversation")
_SPEAKERS = {"user": "Użytkownik", "assistant": "Asystent"}
_ROLE_OF = {  # names that sets of ShareGPT's kind give the speakers
    **dict.fromkeys(("human", "user", "prompter"), "user"),
    **dict.fromkeys(("gpt", "assistant", "chatgpt", "model", "bot"), "assistant"),
}


def from_openai(row: Row, place: Place) -> Record:
    """The last turn of each side of `messages`."""
    return _from_turns(row, place, "messages", _messages(row, "messages", place))


def from_sharegpt(row: Row, place: Place) -> Record:
    """The last turn of each side of `conversations`, whose speakers are called human and gpt or the like."""
    name = "messages" if is_sharegpt(row.get("messages")) else present(row, SHAREGPT, place)
    turns = [_said(item, place) for item in list_of(row, name, place)]
    return _from_turns(row, place, name, [(_ROLE_OF.get(speaker.lower(), speaker), text) for speaker, text in turns])


def is_sharegpt(messages: object) -> bool:
    """Whether messages are written as from and value instead of role and content."""
    return isinstance(messages, list) and bool(messages) and isinstance(messages[0], dict) and "from" in messages[0]


def from_prompt_completion(row: Row, place: Place) -> Record:
    """Prompt and completion as they are; where they are lists of messages, the last turn of each side."""
    if isinstance(row.get("prompt"), list) and isinstance(row.get("completion"), list):
        turns = [*_messages(row, "prompt", place), *_messages(row, "completion", place)]
        return _from_turns(row, place, "prompt and completion", turns)
    return record_of(row, place, text_of(row, ("prompt",), place), text_of(row, ("completion",), place))


def from_text(row: Row, place: Place) -> Record:
    """The last turn of each side of a running text, where marks tell them apart."""
    return _from_turns(row, place, "text", turns_of(text_of(row, ("text",), place), place))


def _from_turns(row: Row, place: Place, name: str, turns: Sequence[Turn]) -> Record:
    """The last turn of each side; earlier ones stand before the question, each with its speaker's name.

    The system message is left out: every conversation gets ours.
    """
    turns = [turn for index, turn in enumerate(turns) if index or turn[0] not in ("system", "developer")]
    roles = [role for role, _ in turns]
    if roles[-2:] != ["user", "assistant"] or not set(roles) <= set(_SPEAKERS):
        found = ", ".join(role[:20] for role in roles[-6:]) or "nothing"
        remedy = "write an optional system message, then turns of user and assistant, the last two in this order"
        raise BadRow(f"{place}: the roles in {name} end with {found}; {remedy}.")
    *asked, (_, answer) = turns
    if len(asked) == 1:
        return record_of(row, place, asked[0][1], answer)
    return record_of(row, place, "\n".join(f"{_SPEAKERS[role]}: {content}" for role, content in asked), answer)


def _messages(row: Row, name: str, place: Place) -> list[Turn]:
    return [_turn(message, ("role", "content"), place) for message in list_of(row, name, place)]


def _said(item: object, place: Place) -> Turn:
    is_message = isinstance(item, dict) and "from" not in item and "role" in item
    return _turn(item, ("role", "content") if is_message else ("from", "value"), place)


def _turn(message: object, names: tuple[str, str], place: Place) -> Turn:
    if not isinstance(message, dict):
        raise BadRow(f"{place}: a message is {described(message)}; write an object with {names[0]} and {names[1]}.")
    role, content = message.get(names[0]), message.get(names[1])
    if not isinstance(role, str) or not isinstance(content, str) or not content.strip():
        wrong, value = (names[1], content) if isinstance(role, str) else (names[0], role)
        raise BadRow(f"{place}: {wrong} of a message is {described(value)}; write text that is not empty.")
    return role, content
