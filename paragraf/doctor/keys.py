"""Keys: whether the secrets that the environment holds can be what they are for; none is ever shown."""

import re
from collections.abc import Iterator, Mapping

from paragraf.doctor.finding import Finding

_SHAPES = {
    "OPENAI_API_KEY": (r"[!-~]{16,}", "a key of 16 signs or more, without blanks"),
    "PARAGRAF_SERVER_KEY": (r"[!-~]{16,256}", "a key of 16 to 256 signs, without blanks"),
    "PREFECT_API_AUTH_STRING": (r"[^\s:]+:\S+", "a name and a password with a colon between"),
}


def keys(environment: Mapping[str, str]) -> Iterator[Finding]:
    """One finding for each key that is set and can't be one, or one for all."""
    named = [name for name in _SHAPES if environment.get(name, "").strip()]
    wrong = [name for name in named if not re.fullmatch(_SHAPES[name][0], environment[name])]
    for name in wrong:
        yield Finding("keys", "fault", f"{name} is not {_SHAPES[name][1]}", f"set {name} anew, or unset it")
    if "PREFECT_API_URL" in environment and "PREFECT_API_AUTH_STRING" not in named:
        yield Finding(
            "keys",
            "warning",
            "PREFECT_API_URL without PREFECT_API_AUTH_STRING",
            "set it, if that server has a password",
        )
    elif not wrong:
        yield Finding(
            "keys", "ok", f"{', '.join(named)} can be keys" if named else "none is set; local work needs none"
        )
