"""The panel's client says in Italian whatever it says in English."""

import re
from pathlib import Path

SCRIPTS = Path("integrations/sandbox/panel/static/js")
WORDS = SCRIPTS / "text" / "words.js"
SAID = re.compile(r"""\bt\(\s*(?:"([^"]+)"|'([^']+)')""")
KNOWN = re.compile(r"""^  (?:"([^"]+)"|'([^']+)'|(\w+)):""", re.MULTILINE)
# Said by a name: titles in a list, a sentence in a constant.
NAMED = re.compile(
    r"""\["\w+", "([A-Z][\w ]+)"\],|^(?:export )?const [A-Z]+ = "([^"]+\.?)";""", re.M
)


def found(pattern: re.Pattern[str], text: str) -> set[str]:
    """Whichever group of the pattern matched, over the whole text."""
    return {next(filter(None, match.groups())) for match in pattern.finditer(text)}


def test_every_sentence_has_its_italian_and_none_is_left_over() -> None:
    texts = [path.read_text("utf-8") for path in SCRIPTS.rglob("*.js") if path != WORDS]
    known = found(KNOWN, WORDS.read_text("utf-8"))
    said = set().union(*(found(SAID, text) for text in texts))
    named = set().union(*(found(NAMED, text) for text in texts))
    assert said <= known
    assert known <= said | named | {"Choose or drop a file", "Choose or drop files"}
