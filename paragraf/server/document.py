"""Document: the calls of this server as an OpenAPI document, made of the same table that answers them."""

import re
from collections.abc import Sequence
from typing import Any

from pydantic.json_schema import models_json_schema

from paragraf.server.routes import Call
from paragraf.versions import versions

_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type", "param", "code"],
            "properties": {
                "message": {"type": "string"},
                "type": {"type": "string"},
                "param": {"type": ["string", "null"]},
                "code": {"type": ["string", "null"]},
            },
        }
    },
}


def document(calls: Sequence[Call]) -> dict[str, Any]:
    """OpenAPI 3.1."""
    forms = {form for call in calls for form in (call.asks, call.gives) if form}
    names, schemas = models_json_schema(
        [(form, "validation") for form in sorted(forms, key=lambda form: form.__name__)],
        ref_template="#/components/schemas/{model}",
    )
    paths: dict[str, dict[str, Any]] = {}
    for call in calls:
        path = re.sub(r":path\}", "}", call.path)
        paths.setdefault(path, {})[call.method.lower()] = _operation(call, path, names)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Paragraf: the OpenAI protocol on this machine", "version": versions()["paragraf"]},
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {**schemas.get("$defs", {}), "Error": _ERROR},
        },
    }


def _operation(call: Call, path: str, names: Any) -> dict[str, Any]:
    given = names[(call.gives, "validation")] if call.gives else {"type": "object"}
    error = {"$ref": "#/components/schemas/Error"}
    operation: dict[str, Any] = {
        "summary": call.summary,
        "operationId": f"{call.method.lower()}_{re.sub(r'[^a-z]+', '_', path.lower()).strip('_')}",
        "responses": {
            "200": {"description": "Done.", "content": {"application/json": {"schema": given}}},
            "default": {"description": "Refused.", "content": {"application/json": {"schema": error}}},
        },
    }
    if "{name}" in path:
        place = {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}
        operation["parameters"] = [place]
    if call.asks:
        body = {"application/json": {"schema": names[(call.asks, "validation")]}}
        operation["requestBody"] = {"required": True, "content": body}
    return operation
