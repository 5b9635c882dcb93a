"""The API's document as a page for people."""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

BOLD = re.compile(r"\*\*(.+?)\*\*")
CODE = re.compile(r"`([^`]+)`")
REFERENCE = "#/components/schemas/"


def docs_page(document: Mapping[str, Any]) -> str:
    """The page; it needs /static/docs.css, and nothing that is not ours."""
    every = [one for methods in document["paths"].values() for one in methods.values()]
    page = _environment().get_template("docs.html.j2")
    # What people need first is open; everything else is folded.
    return page.render(document=document, begin=every[0]["operationId"] if every else "")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("views.pages"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"prose": _prose, "line": _line, "kind": _kind, "named": _named}
    environment.filters["shown"] = _shown
    return environment


def _prose(text: str) -> Markup:
    """Paragraphs, bold and code; everything else as it is written."""
    paragraphs = (Markup("<p>{}</p>").format(_line(one)) for one in text.strip().split("\n\n"))
    return Markup("").join(paragraphs)


def _line(text: str) -> Markup:
    """The same within a line."""
    safe = CODE.sub(r"<code>\1</code>", BOLD.sub(r"<strong>\1</strong>", str(escape(text))))
    return Markup(safe)  # noqa: S704 - escaped one line above


def _named(schema: Mapping[str, Any]) -> str:
    """The name of the model a schema refers to, "" when it stands for itself."""
    return str(schema.get("$ref", "")).removeprefix(REFERENCE)


def _shown(example: object) -> str:
    """An example as it is sent: a text as it is, everything else as JSON."""
    return example if isinstance(example, str) else json.dumps(example, indent=2)


def _kind(schema: Mapping[str, Any]) -> str:
    """A schema in a few words: `integer`, `list of Site`, `string or null`."""
    if name := _named(schema):
        return name
    if several := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return " or ".join(_kind(one) for one in several)
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    return str(schema.get("const") or schema.get("format") or schema.get("type") or "anything")
