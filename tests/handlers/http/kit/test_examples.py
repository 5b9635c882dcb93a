"""The document's examples: one for every operation, each as its own schema says, each as curl."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
from jsonschema import Draft202012Validator

from handlers import http
from handlers.http.docs import documented
from views.api.kit.docs import docs_page
from views.api.kit.examples import example
from views.api.kit.fields import DESCRIPTIONS
from views.api.kit.samples import EXAMPLES, WHOLE
from views.api.kit.words import TAGS

DOCUMENT: dict[str, Any] = orjson.loads(documented(http.endpoints()).json)
MODELS: dict[str, dict[str, Any]] = DOCUMENT["components"]["schemas"]
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
# Of a request, what may be left out is left out; parts of a whole example need none of their own.
ANSWERED = sorted(
    name
    for name, schema in MODELS.items()
    if "properties" in schema
    and not name.endswith("Body")
    and name not in {"ChatMessage", "StreamOptions", "ChatUsage"}
)
SHORTEST_DESCRIPTION = 3
# Words that begin a remark or a question, where a client developer looks for the name of a thing.
NO_NOUN = frozenset(
    {"above", "as", "both", "for", "from", "how", "in", "its", "not", "of", "on", "only", "some"}
    | {"that", "those", "to", "until", "what", "when", "which", "who", "whom", "why", "without"}
)
ADD = "add one to views/api/kit/samples.py, or beside the field"


def contents(operation: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every body of an operation, the request's first, with words for where it is."""
    for media, sent in operation.get("requestBody", {}).get("content", {}).items():
        yield f"the request as {media}", sent
    for status, answer in operation["responses"].items():
        for media, content in answer.get("content", {}).items():
            yield f"the answer {status} as {media}", content


def parameters() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every parameter, with its place."""
    for name, operation in OPERATIONS.items():
        for one in operation["parameters"]:
            yield f"{name}: {operation['tags'][0]}.{one['name']}", one


def fields() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every field of every model, with its place."""
    for model, schema in MODELS.items():
        for name, field in schema.get("properties", {}).items():
            yield f"{model}.{name}", field


def problem_of(text: str) -> str:
    """What is wrong with a description; "" for nothing."""
    words = re.findall(r"[\w’'-]+", text)
    if len(words) < SHORTEST_DESCRIPTION:
        return f"“{text}” has fewer than three words"
    return f"“{text}” is no noun phrase" if words[0].lower() in NO_NOUN else ""


def mistakes(content: Mapping[str, Any]) -> list[str]:
    """Where an example is not as its schema says."""
    schema = {**content["schema"], "components": DOCUMENT["components"]}
    found = Draft202012Validator(schema).iter_errors(content["example"])
    return [f"{'.'.join(map(str, one.path))} {one.message}" for one in found]


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_body_has_an_example_that_is_as_its_schema_says(name: str) -> None:
    for where, content in contents(OPERATIONS[name]):
        assert "example" in content, f"{name}: {where} has no example: {ADD}"
        found = mistakes(content)
        assert not found, f"{name}: the example of {where}: {found[0]}; {ADD}"


@pytest.mark.parametrize("model", ANSWERED)
def test_an_answer_s_example_leaves_no_field_out(model: str) -> None:
    missing = MODELS[model].get("properties", {}).keys() - example(MODELS[model], MODELS).keys()
    assert not missing, f"{model} has no example of {', '.join(missing)}: {ADD}"


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_is_told_as_a_command_that_a_shell_can_run(name: str) -> None:
    operation = OPERATIONS[name]
    method, path = name.split()
    words = shlex.split(operation["x-codeSamples"][0]["source"].replace("\\\n", " "))
    assert words[0] == "curl"
    assert (words[words.index("-X") + 1] if "-X" in words else "GET") == method
    [address] = [one for one in words if one.startswith("$HOST")]
    pattern = re.sub(r"\\{\w+\\}", "[^/{}]+", re.escape(path))
    assert re.fullmatch(re.escape("$HOST") + pattern, urlsplit(address).path), address
    sent = [words[at + 1] for at, one in enumerate(words) if one == "-H"]
    keys = ("$ADMIN", "$KEY", "$TOKEN")
    assert any(key in one for one in sent for key in keys) == bool(operation["security"])
    if "requestBody" in operation:
        body = operation["requestBody"]["content"]["application/json"]
        assert json.loads(words[words.index("-d") + 1]) == body["example"]


def test_every_field_and_parameter_is_described_by_a_noun_phrase() -> None:
    found = [(place, problem_of(one.get("description", ""))) for place, one in fields()]
    found += [(place, problem_of(one.get("description", ""))) for place, one in parameters()]
    found += [
        (model, problem_of(schema["description"]))
        for model, schema in MODELS.items()
        if "description" in schema
    ]
    told = [f"{place}: {problem}" for place, problem in found if problem]
    assert not told, "\n".join(
        ["Describe them beside the field, or in views/api/kit/fields.py:", *told]
    )


@pytest.mark.parametrize(
    "text", ["Why.", "To whom.", "Created", "What went wrong", "How far it is"]
)
def test_remarks_are_no_descriptions(text: str) -> None:
    assert problem_of(text)


def test_every_parameter_has_an_example_that_is_as_its_schema_says() -> None:
    for place, one in parameters():
        assert "example" in one, f"{place} has no example: {ADD}"
        assert not mistakes(one), f"{place}: {mistakes(one)}"


def test_no_word_and_no_example_is_of_a_field_that_is_gone() -> None:
    known = {place for place, _ in fields()}
    for operation in OPERATIONS.values():
        known |= {f"{operation['tags'][0]}.{one['name']}" for one in operation["parameters"]}
    known |= {place.split(".", 1)[1] for place in known}
    gone = (DESCRIPTIONS.keys() | EXAMPLES.keys()) - known
    assert not gone
    assert WHOLE.keys() <= MODELS.keys()


def test_what_people_need_first_comes_first() -> None:
    tags = [tag["name"] for tag in DOCUMENT["tags"]]
    assert tags[:5] == ["validation", "gateway", "usage", "sites", "licenses"]
    assert tags == [tag for tag in TAGS if tag in tags]
    assert next(iter(DOCUMENT["paths"])) == "/api/validate"


def test_the_page_is_folded_but_for_its_first_operation() -> None:
    page = docs_page(DOCUMENT)
    assert page.count('<details class="operation"') == len(OPERATIONS)
    assert page.count(" open>") == 1
    assert page.index(" open>") < page.index('id="validation.validate"')
    assert page.count("<code>curl ") == len(OPERATIONS)
