"""Versions: which releases of the libraries that shape a result are at work."""

import platform
from importlib.metadata import version

_SHAPING = ("paragraf", "torch", "transformers", "peft", "datasets", "great-expectations", "mlflow", "prefect")


def versions() -> dict[str, str]:
    """Distribution -> version, Python among them."""
    return {"python": platform.python_version()} | {name: version(name) for name in _SHAPING}
