"""What the image and the compose file say, and their programs as they are started without Docker, on this machine."""

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "deployments" / "Dockerfile").read_text("utf-8")
COMPOSE = (ROOT / "deployments" / "compose.yaml").read_text("utf-8")
SERVICES: dict[str, Any] = yaml.safe_load(COMPOSE)["services"]
PORTS = {"postgres": "5432", "objects": "7070", "prefect": "4200", "mlflow": "5000", "worker": "8080"}
_VARIABLE = re.compile(r"\$\{(\w+)(?::\?([^}]*))?\}")
_SERVICE_AT = {port: service for service, port in PORTS.items()}
_ADDRESS = re.compile(r"(?<![\w.])(?:postgres|objects|prefect|mlflow|localhost|127\.0\.0\.1):(\d{4})(?!\d)")
_PORT = re.compile(rf"^((?:--port=)?)({'|'.join(_SERVICE_AT)})$")


class Program(NamedTuple):
    """A program of a container: its words, its variables and the words that ask whether it is well."""

    command: list[str]
    environment: dict[str, str]
    check: list[str]


def variables() -> dict[str, str]:
    """The variables that the compose file takes from outside, with what it says of each where it is missing."""
    found: dict[str, str] = {}
    for name, told in _VARIABLE.findall(COMPOSE):
        found[name] = found.get(name) or told
    return found


def image_words(instruction: str) -> list[str]:
    """The words of the image's CMD or of its health check."""
    before = rf"^{instruction} [^[]*" if instruction else "^"
    [words] = re.findall(rf"{before}CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    found: list[str] = json.loads(words)
    return found


def image_variables() -> dict[str, str]:
    """The variables that every program in the image finds."""
    last = DOCKERFILE.split("\nFROM ")[-1]
    block = re.search(r"^ENV ((?:.*\\\n)*.*)$", last, re.MULTILINE)
    assert block is not None
    words = block[1].replace("\\\n", " ").split()
    return {name: value for name, value in (word.split("=", 1) for word in words) if name != "PATH"}


def program(service: str, secrets: Mapping[str, str], ports: Mapping[str, str], data: Path) -> Program:
    """A service of our image with these secrets, the ports of this machine and a folder in place of its volume."""

    def here(text: str) -> str:
        text = _ADDRESS.sub(lambda match: f"127.0.0.1:{ports[_SERVICE_AT[match[1]]]}", text)
        text = _PORT.sub(lambda match: f"{match[1]}{ports[_SERVICE_AT[match[2]]]}", text)
        text = "127.0.0.1" if text == "postgres" else text.replace("0.0.0.0", "127.0.0.1")  # noqa: S104
        text = text.replace("/opt/paragraf/deployments", str(ROOT / "deployments"))
        text = re.sub(r"^/data\b", str(data), text)
        return _VARIABLE.sub(lambda match: secrets[match[1]], text)

    told = SERVICES[service]
    command = [here(word) for word in told.get("command") or image_words("")]
    check = (told.get("healthcheck") or {}).get("test", ["CMD", *image_words("HEALTHCHECK")])[1:]
    environment = image_variables() | told.get("environment", {})
    return Program(
        command=_of_this_python(command),
        environment={name: here(value) for name, value in environment.items() if value is not None},
        check=_of_this_python([here(word) for word in check]),
    )


def _of_this_python(words: list[str]) -> list[str]:
    return [str(Path(sys.executable).with_name(words[0])), *words[1:]] if words else []
