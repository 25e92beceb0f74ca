"""The search for a key: plain and in base64, in texts and in all that hangs on an exception."""

import pickle
import traceback
from base64 import b64encode
from collections.abc import Iterator


def traces_of_key(text: bytes, key: str) -> bool:
    """Whether a key stands in a text as it is, or inside something that was put into base64."""
    variants = {key.encode()[start:] for start in range(3)}
    return key.encode() in text or any(b64encode(part)[:-4].rstrip(b"=") in text for part in variants)


def chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and all that it was raised from or while handling."""
    waiting: list[BaseException | None] = [error]
    while waiting:
        found = waiting.pop()
        if found is not None:
            yield found
            waiting += [found.__cause__, found.__context__]


def told_by(error: BaseException) -> list[bytes]:
    """All that a log, a debugger or a store of failed tasks would keep of an exception."""
    told = [repr(error).encode(), str(error).encode(), pickle.dumps(error)]
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    ours = [frame for frame in frames if "/paragraf/" in frame.f_code.co_filename]
    assert ours
    assert repr(pickle.loads(pickle.dumps(error))) == repr(error)  # noqa: S301
    return told + [repr(frame.f_locals).encode() for frame in ours]
