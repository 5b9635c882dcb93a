"""Examples for the OpenAPI document, composed of those of its fields, and each call as curl."""

import json
from collections.abc import Iterable, Mapping
from shlex import quote
from typing import Any
from urllib.parse import urlencode

from views.api.kit.errors import KINDS, OUR_FAULT
from views.api.kit.fields import DESCRIPTIONS
from views.api.kit.samples import (
    EXAMPLES,
    FAILURES,
    MEDIA,
    NO_ACCESS_TOKEN,
    NO_ADMIN_KEY,
    SENT,
    WHOLE,
)

JSON = "application/json"
REFERENCE = "#/components/schemas/"
ERROR = {"$ref": f"{REFERENCE}ErrorAnswer"}
# A value nobody has given an example of: its field is left out.
UNKNOWN = object()
AUTHORIZATION = {
    "AdminKey": "X-Admin-Key: $ADMIN",
    "LicenseKey": "X-License-Key: $KEY",
    "LicenseBearer": "Authorization: Bearer $KEY",
    "UserToken": "Authorization: Bearer $TOKEN",
}

Schema = Mapping[str, Any]


def describe(schemas: Mapping[str, dict[str, Any]]) -> None:
    """Give every field of these models its words and its example, where it has none itself."""
    for model, schema in schemas.items():
        for name, field in schema.get("properties", {}).items():
            field |= words(model, name, field)
        if model in WHOLE:
            schema.setdefault("examples", [WHOLE[model]])


def words(owner: str, name: str, field: Schema) -> dict[str, Any]:
    """Description and examples of `owner`'s field that the tables know and it does not."""
    found: dict[str, Any] = {}
    described = DESCRIPTIONS.get(f"{owner}.{name}") or DESCRIPTIONS.get(name)
    if described and not field.get("description"):
        found["description"] = described
    own = f"{owner}.{name}"
    key = own if own in EXAMPLES or _refers(field) else name
    if key in EXAMPLES and "examples" not in field:
        found["examples"] = [EXAMPLES[key]]
    return found


def example(schema: Schema, schemas: Mapping[str, Schema]) -> Any:
    """What a schema allows, or UNKNOWN; a field without an example is left out."""
    if reference := schema.get("$ref"):
        schema = {**schemas[reference.removeprefix(REFERENCE)], **schema}
    if "examples" in schema:
        return schema["examples"][0]
    if "properties" in schema:
        found = {name: example(one, schemas) for name, one in schema["properties"].items()}
        return {name: value for name, value in found.items() if value is not UNKNOWN}
    if schema.get("type") == "array":
        item = example(schema["items"], schemas)
        return UNKNOWN if item is UNKNOWN else [item]
    return schema.get("const", UNKNOWN)


def illustrate(operation: dict[str, Any], schemas: Mapping[str, Schema]) -> None:
    """Put an example beside every body and parameter of an operation."""
    operation.setdefault("parameters", [])
    for one in operation["parameters"]:
        told = words(operation["tags"][0], one["name"], one)
        one |= {"description": told["description"]} if "description" in told else {}
        one |= {"example": told["examples"][0]} if "examples" in told else {}
    for media, sent in _content(operation.get("requestBody")).items():
        _put(sent, SENT.get(media), schemas)
    for status, answer in operation["responses"].items():
        for media, content in _content(answer).items():
            if content["schema"] != ERROR:
                _put(content, MEDIA.get(media), schemas)
            elif int(status) in FAILURES:
                content["example"] = failure(int(status), operation["security"])


def failure(status: int, security: Iterable[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """A failure with this status, as its body tells it."""
    code, message = FAILURES[status]
    if code.startswith("license_key") and any("AdminKey" in one for one in security):
        code, message = NO_ADMIN_KEY
    if code.startswith("license_key") and any("UserToken" in one for one in security):
        code, message = NO_ACCESS_TOKEN
    param = message.split(":")[0] if code == "invalid" else None
    kind = KINDS.get(status, OUR_FAULT)
    return {"error": {"message": message, "type": kind, "code": code, "param": param}}


def curl(method: str, path: str, operation: Schema) -> str:
    """The operation as a command, with `$HOST` and the key in the shell's variables."""
    query: dict[str, Any] = {}
    headers = [AUTHORIZATION[name] for name in _keys(path, operation)]
    for one in operation["parameters"]:
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", str(one.get("example", one["name"])))
        elif one["in"] == "header":
            headers.append(f"{one['name']}: {one.get('example', '')}")
        elif not query and "example" in one:
            query[one["name"]] = one["example"]
    verb = "" if method == "get" else f"-X {method.upper()} "
    parts = [f'curl {verb}"$HOST{path}{"?" + urlencode(query) if query else ""}"']
    if content := _content(operation.get("requestBody")):
        media = JSON if JSON in content else next(iter(content))
        headers.append(f"Content-Type: {media}")
        body = json.dumps(content[media].get("example"), ensure_ascii=False)
        parts.append(f"-d {quote(body)}")
    parts[1:1] = [f'-H "{header}"' for header in headers]
    return " \\\n  ".join(parts)


def _keys(path: str, operation: Schema) -> list[str]:
    offered = [name for one in operation["security"] for name in one]
    # OpenAI's clients send a bearer, so whoever reads of their form expects one.
    return offered[-1:] if path.startswith("/v1/") else offered[:1]


def _content(holder: Schema | None) -> Schema:
    """The bodies of a request or an answer by media type."""
    return holder.get("content", {}) if holder else {}


def _put(content: dict[str, Any], otherwise: Any, schemas: Mapping[str, Schema]) -> None:
    composed = example(content["schema"], schemas)
    if composed is UNKNOWN and otherwise is not None:
        composed = otherwise
    if composed is not UNKNOWN:
        content["example"] = composed


def _refers(field: Schema) -> bool:
    """Whether the field is a model, or a list of one, which has an example of its own."""
    return "$ref" in field or "$ref" in field.get("items", {})
