"""What the Messages API refuses with 400 or 404, checked before the model reads anything."""

from collections.abc import Iterator, Mapping
from typing import Any

from integrations.sandbox.anthropic.content import (
    Invalid,
    check_content,
    check_messages,
    check_tools,
)

KNOWN = frozenset(
    {
        "model",
        "messages",
        "max_tokens",
        "system",
        "stream",
        "stop_sequences",
        "metadata",
        "tools",
        "tool_choice",
        "thinking",
        "output_config",
        "cache_control",
        "service_tier",
        "speed",
        "container",
        "inference_geo",
        "diagnostics",
        "user_profile_id",
        "workspace_id",
    }
)
SAMPLING = ("temperature", "top_p", "top_k")
VERSIONS = ("2023-06-01", "2026-10-21")
MOST_OUTPUT = 128_000
MOST_BREAKPOINTS = 4
EFFORTS = ("low", "medium", "high", "xhigh", "max")
FORMATS = frozenset(
    {"date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"}
)
UNSUPPORTED = (
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "maxItems",
    "uniqueItems",
    "oneOf",
    "patternProperties",
)


def check_request(body: Mapping[str, Any], headers: Mapping[str, str]) -> None:
    """Raises Invalid with the vendor's status for the first thing that is wrong."""
    version = headers.get("anthropic-version")
    if version not in VERSIONS:
        raise Invalid(400, "anthropic-version: header is required")
    _check_fields(body, version)
    _check_stops(body.get("stop_sequences"))
    check_messages(body["messages"])
    if body.get("system") is not None:
        check_content(body["system"], "system")
    check_tools(body)
    _check_cache(body)
    _check_output(body.get("output_config"))


def _check_fields(body: Mapping[str, Any], version: str) -> None:
    for name in SAMPLING:
        if name in body and version == "2026-10-21":
            raise Invalid(400, f"{name}: sampling parameters are not supported in this version")
    unknown = set(body) - KNOWN - set(SAMPLING)
    if unknown:
        raise Invalid(400, f"{sorted(unknown)[0]}: Extra inputs are not permitted")
    for name in ("model", "max_tokens", "messages"):
        if name not in body:
            raise Invalid(400, f"{name}: Field required")
    limit = body["max_tokens"]
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MOST_OUTPUT:
        raise Invalid(400, f"max_tokens: {limit} must be between 1 and {MOST_OUTPUT}")
    if not str(body["model"]).startswith("claude-"):
        raise Invalid(404, f"model: {body['model']}")


def _check_stops(stops: object) -> None:
    for index, stop in enumerate(stops if isinstance(stops, list) else ()):
        if not str(stop).strip():
            where = f"stop_sequences.{index}"
            raise Invalid(400, f"{where}: each stop sequence must contain non-whitespace")


def _check_cache(body: Mapping[str, Any]) -> None:
    marks = [body["cache_control"]] if body.get("cache_control") else []
    marks += [b["cache_control"] for b in _blocks(body) if b.get("cache_control")]
    for mark in marks:
        is_known = isinstance(mark, dict) and set(mark) <= {"type", "ttl"}
        if (
            not is_known
            or mark.get("type") != "ephemeral"
            or mark.get("ttl", "5m") not in ("5m", "1h")
        ):
            raise Invalid(400, "cache_control: type must be 'ephemeral', ttl '5m' or '1h'")
    if len(marks) > MOST_BREAKPOINTS:
        raise Invalid(
            400, f"A maximum of 4 blocks with cache_control may be provided. Found {len(marks)}."
        )


def _blocks(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    contents = [body.get("system"), *(m["content"] for m in body["messages"])]
    yield from body.get("tools") or []
    for content in contents:
        if isinstance(content, list):
            yield from content


def _check_output(config: object) -> None:
    if config is None:
        return
    if not isinstance(config, dict) or set(config) - {"effort", "format"}:
        raise Invalid(400, "output_config: Extra inputs are not permitted")
    if config.get("effort", "medium") not in EFFORTS:
        raise Invalid(400, f"output_config.effort: Input should be one of {', '.join(EFFORTS)}")
    form = config.get("format")
    if form is None:
        return
    if form.get("type") != "json_schema" or not isinstance(form.get("schema"), dict):
        raise Invalid(400, "output_config.format: type must be 'json_schema' with a schema")
    _check_schema(form["schema"], "output_config.format.schema")


def _check_schema(schema: object, where: str) -> None:
    """Structured output needs closed objects and knows no numeric or length bounds."""
    if not isinstance(schema, dict):
        raise Invalid(400, f"{where}: must be an object")
    for name in UNSUPPORTED:
        if name in schema:
            raise Invalid(400, f"{where}: property '{name}' is not supported")
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        raise Invalid(400, f"{where}: For 'object' type, 'additionalProperties' must be false")
    if schema.get("minItems", 0) not in (0, 1):
        raise Invalid(400, f"{where}: 'minItems' other than 0 or 1 is not supported")
    if schema.get("type") == "string" and schema.get("format", "date") not in FORMATS:
        raise Invalid(400, f"{where}: string format {schema['format']!r} is not supported")
    for place, part in _parts(schema):
        _check_schema(part, f"{where}.{place}")


def _parts(schema: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for name in ("properties", "$defs"):
        yield from ((f"{name}.{key}", part) for key, part in schema.get(name, {}).items())
    for name in ("anyOf", "allOf"):
        yield from ((f"{name}.{i}", part) for i, part in enumerate(schema.get(name, ())))
    if "items" in schema:
        yield "items", schema["items"]
