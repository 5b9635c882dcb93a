"""The OpenAPI document, built from what the endpoints say of themselves."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from views.api.kit.errors import ErrorAnswer
from views.api.kit.examples import curl, describe, illustrate
from views.api.kit.words import INTRODUCTION, STATUS, TAGS

# A model is answered as JSON; a text with a slash is a media type, any other says what happened.
Answer = type[BaseModel] | str
Answers = Mapping[int, Answer | tuple[Answer, ...]]
Mode = Literal["validation", "serialization"]
Schemas = Mapping[Any, Mapping[str, Any]]

JSON = "application/json"
VERSION = "1.0.0"
PART = re.compile(r"{(\w+)}")
ORDER = {tag: place for place, tag in enumerate(TAGS)}
SECURITY: Mapping[str, list[dict[str, list[str]]]] = {
    "admin": [{"AdminKey": []}],
    "license": [{"LicenseKey": []}, {"LicenseBearer": []}],
    "user": [{"UserToken": []}],
    "none": [],
}
SCHEMES = {
    "AdminKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Admin-Key",
        "description": "A key of `python -m bot admin-key NAME`, or `ADMIN_API_KEY`",
    },
    "LicenseKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-License-Key",
        "description": "The customer's license key, `CHA-…`",
    },
    "LicenseBearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "The same license key, for clients that can only send a bearer",
    },
    "UserToken": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The access token that a user's sign-in gave them",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentedOperation:
    """One method of one path, as the document tells it."""

    method: str
    path: str
    name: str
    summary: str
    description: str
    tag: str
    auth: str
    body: type[BaseModel] | None
    accepts: tuple[str, ...]
    query: type[BaseModel] | None
    headers: Mapping[str, str]
    answers: Answers
    errors: tuple[int, ...]

    @property
    def failures(self) -> tuple[int, ...]:
        """Every status of a failure, those that follow from the rest included."""
        # Any address may carry what no address may carry, and any answer may need the database.
        found = {400, 503, *self.errors}
        if self.auth != "none":
            found |= {401, 429}
        if self.body or self.accepts:
            found |= {408, 413, 415, 422}
        if self.query:
            found.add(422)
        if PART.search(self.path):
            found.add(404)
        return tuple(sorted(found - set(self.answers)))


def document(operations: Iterable[DocumentedOperation]) -> dict[str, Any]:
    """OpenAPI 3.1, the same for the same endpoints: what people need first comes first."""
    every = sorted(operations, key=lambda one: ORDER.get(one.tag, len(ORDER)))
    schemas, definitions = models_json_schema(
        sorted(_models(every), key=lambda one: (one[0].__name__, one[1])),
        ref_template="#/components/schemas/{model}",
    )
    models = definitions.get("$defs", {})
    describe(models)
    paths: dict[str, dict[str, Any]] = {}
    for one in every:
        method, told = one.method.lower(), _operation(one, schemas)
        illustrate(told, models)
        source = curl(method, one.path, told)
        told["x-codeSamples"] = [{"lang": "Shell", "label": "curl", "source": source}]
        paths.setdefault(one.path, {})[method] = told
    tags = dict.fromkeys(one.tag for one in every)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Seguito", "version": VERSION, "description": INTRODUCTION},
        "servers": [{"url": "/"}],
        "tags": [{"name": tag, "description": TAGS.get(tag, tag)} for tag in tags],
        "paths": paths,
        "components": {"schemas": models, "securitySchemes": SCHEMES},
    }


def _models(operations: Sequence[DocumentedOperation]) -> set[tuple[type[BaseModel], Mode]]:
    found: set[tuple[type[BaseModel], Mode]] = {(ErrorAnswer, "serialization")}
    for one in operations:
        if one.body:
            found.add((one.body, "validation"))
        for answers in one.answers.values():
            found |= {
                (each, "serialization") for each in _each(answers) if not isinstance(each, str)
            }
    return found


def _operation(one: DocumentedOperation, schemas: Schemas) -> dict[str, Any]:
    answers = {str(status): _answer(status, given, schemas) for status, given in _told(one)}
    told: dict[str, Any] = {
        "operationId": f"{one.tag}.{one.name}",
        "summary": one.summary,
        "tags": [one.tag],
        "security": SECURITY[one.auth],
        "responses": answers,
    }
    if one.description:
        told["description"] = one.description
    if parameters := [*_parts(one), *_query(one), *_headers(one)]:
        told["parameters"] = parameters
    if one.body or one.accepts:
        told["requestBody"] = _body(one, schemas)
    return told


def _told(one: DocumentedOperation) -> Iterable[tuple[int, Answer | tuple[Answer, ...]]]:
    failures: dict[int, Answer | tuple[Answer, ...]] = dict.fromkeys(one.failures, ErrorAnswer)
    return sorted({**failures, **one.answers}.items())


def _answer(status: int, given: Answer | tuple[Answer, ...], schemas: Schemas) -> dict[str, Any]:
    content: dict[str, Any] = {}
    description = STATUS.get(status, "Done")
    for each in _each(given):
        if not isinstance(each, str):
            content[JSON] = {"schema": schemas[each, "serialization"]}
        elif "/" in each and " " not in each:
            content[each] = {"schema": {} if each == JSON else {"type": "string"}}
        else:
            description = each or description
    return {"description": description, **({"content": content} if content else {})}


def _body(one: DocumentedOperation, schemas: Schemas) -> dict[str, Any]:
    content: dict[str, Any] = {media: {"schema": {"type": "string"}} for media in one.accepts}
    if one.body:
        content[JSON] = {"schema": schemas[one.body, "validation"]}
    needed = bool(one.body and one.body.model_json_schema().get("required")) or not one.body
    return {"required": needed, "content": content}


def _parts(one: DocumentedOperation) -> Iterable[dict[str, Any]]:
    for name in PART.findall(one.path):
        schema = {"type": "string", "minLength": 1}
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _query(one: DocumentedOperation) -> Iterable[dict[str, Any]]:
    schema = one.query.model_json_schema() if one.query else {}
    for name, field in schema.get("properties", {}).items():
        told = {key: value for key, value in field.items() if key not in ("title", "description")}
        yield {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "description": field.get("description", ""),
            "schema": told,
        }


def _headers(one: DocumentedOperation) -> Iterable[dict[str, Any]]:
    for name, description in one.headers.items():
        schema = {"type": "string"}
        yield {"name": name, "in": "header", "description": description, "schema": schema}


def _each(given: Answer | tuple[Answer, ...]) -> tuple[Answer, ...]:
    return given if isinstance(given, tuple) else (given,)
