"""Rules about words: names, docstrings, comments and the texts that people read."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from string import Formatter

from rule import Breach, Rule
from source import FLOORS, Source

EMPTY_WORDS = frozenset(
    {"common", "config", "core", "helper", "helpers", "lib", "misc", "models", "schemas"}
    | {"util", "utils"}
)
EMPTY_ENDINGS = re.compile(r"(Manager|Helpers?|Utils?|Data)$")
EMPTY_BEGINNINGS = re.compile(r"_*(handle|process|async)_")
BANNER = re.compile(r"#\s*[-=*#~]{4,}")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b(?!.*#\d+)")
WAIVER = re.compile(r"#\s*(noqa|type:\s*ignore|pragma)\b")
EXPLAINED = re.compile(
    r"(noqa:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*|type:\s*ignore\[[\w,\- ]+\]|pragma:[\w ]+)\W+\w+"
)
SENTENCE_WORDS = 3


class TellingNames(Rule):
    """Folders called `core` or `utils` and classes called Manager attract whatever has no home."""

    good = ("services/followups/followups.py", "class Followups:\n    def complete(self): ...")
    bad = ("services/utils.py", "class DataManager:\n    def handle_it(self): ...")

    def governs(self, source: Source) -> bool:
        """The product, its sandbox too."""
        return source.within(*FLOORS)

    def breaches(self, source: Source) -> Iterator[Breach]:
        """Empty words in the path, class endings and function beginnings that say nothing."""
        for part in (*source.path.parts[:-1], source.path.stem):
            # views/words/common.py holds words that features share: there `common` says it all.
            if part in EMPTY_WORDS and not source.within("views/words"):
                yield Breach(1, f"“{part}” says nothing about what belongs inside")
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ClassDef) and EMPTY_ENDINGS.search(node.name):
                yield Breach(node.lineno, f"class {node.name}: name what it is, not that it is")
        for function in source.ours_to_name():
            if EMPTY_BEGINNINGS.match(function.name):
                yield Breach(function.lineno, f"{function.name}: say what it does to what")


class FirstSentence(Rule):
    """A file whose purpose is not written down becomes the place for everything near it."""

    good = ("db/a.py", '"""Tables of invoices and their queries."""')
    bad = ("db/a.py", "x = 1")

    def governs(self, source: Source) -> bool:
        """Every Python file."""
        return source.path.suffix == ".py"

    def breaches(self, source: Source) -> Iterator[Breach]:
        """Modules whose docstring does not begin with one whole sentence."""
        told = ast.get_docstring(source.tree) or ""
        if not re.match(r"\S[^\n]*(\n[^\n]+)*[.:)]", told):
            yield Breach(1, "begin with one sentence saying what belongs in this file")


class PublicPromises(Rule):
    """Units, limits and failures that are not written down are found out in production."""

    good = ("services/a.py", 'def f():\n    """Seconds since."""\nclass A:\n    """An A."""')
    bad = ("integrations/x/client.py", 'class A:\n    """An A."""\n    def m(self): ...')

    def governs(self, source: Source) -> bool:
        """What other floors call: services, vendors' clients and the store."""
        beside = source.within("integrations/sandbox", "db/migrations")
        return source.within("services", "integrations", "db") and not beside

    def breaches(self, source: Source) -> Iterator[Breach]:
        """Public classes, functions and methods without a docstring."""
        for node in source.public():
            if not ast.get_docstring(node):
                yield Breach(node.lineno, f"{node.name} promises nothing: write its docstring")


class HonestComments(Rule):
    """Banners hide that a file is two files, and unfinished marks outlive those who knew."""

    good = (
        "bot/a.py",
        "x = 1  # noqa: S104 - the container's only interface\n# TODO #12: drop in May",
    )
    bad = ("bot/a.py", "# ---- section ----\nx = 1  # noqa: S104\n# TODO later")

    def governs(self, source: Source) -> bool:
        """Every Python file."""
        return source.path.suffix == ".py"

    def breaches(self, source: Source) -> Iterator[Breach]:
        """Banners, marks without an issue, and waivers that do not say why."""
        above = ""
        for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
            if token.type == tokenize.COMMENT:
                if wrong := _wrong_with(token.string, above):
                    yield Breach(token.start[0], wrong)
                above = token.line.strip()
            elif token.type == tokenize.NEWLINE:
                above = ""


class BothLanguages(Rule):
    """A text added in one language, or with other fields, breaks for half of the people only."""

    good = ("views/words/a.py", 'A = Phrase("Hello {name}", "Ciao {name}")')
    bad = ("views/words/a.py", 'A = Phrase("Hello {name}", "Ciao {nome}")\nB = Phrase("Hi", "")')

    def governs(self, source: Source) -> bool:
        """The product."""
        return source.within(*FLOORS)

    def breaches(self, source: Source) -> Iterator[Breach]:
        """Phrases that are not two literal texts with the same fields."""
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and _called(node) == "Phrase":
                texts = [_literal(argument) for argument in node.args]
                if len(texts) != 2 or "" in texts or texts.count(None) == 1:
                    yield Breach(node.lineno, "a Phrase is two literal texts, English and Italian")
                elif _fields(texts[0]) != _fields(texts[1]):
                    yield Breach(node.lineno, f"fields differ: “{texts[0]}” and “{texts[1]}”")


class SentencesAsTestNames(Rule):
    """When `test_draft_2` fails at night, nobody knows which promise was broken."""

    good = ("tests/a/test_a.py", "def test_a_second_delivery_changes_nothing(): ...")
    bad = ("tests/a/test_a.py", "def test_delivery(): ...")

    def governs(self, source: Source) -> bool:
        """Test files."""
        return source.within("tests") and source.path.name.startswith("test_")

    def breaches(self, source: Source) -> Iterator[Breach]:
        """Tests whose name is shorter than a sentence can be."""
        for function in source.functions():
            words = [word for word in function.name.split("_") if word]
            if words[:1] == ["test"] and len(words) <= SENTENCE_WORDS:
                yield Breach(function.lineno, f"{function.name}: say the promise as a sentence")


def _wrong_with(comment: str, above: str) -> str:
    if BANNER.search(comment):
        return "a banner: split the file instead"
    if UNFINISHED.search(comment):
        return "unfinished: do it, or name the issue (#12)"
    if WAIVER.search(comment) and not (above.startswith("#") or EXPLAINED.search(comment)):
        return "a waiver names its rule and says why"
    return ""


def _called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _fields(text: str | None) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text or "") if name}


RULES: tuple[Rule, ...] = (
    TellingNames(),
    FirstSentence(),
    PublicPromises(),
    HonestComments(),
    BothLanguages(),
    SentencesAsTestNames(),
)
