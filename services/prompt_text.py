"""Text as material inside a prompt: it cannot pass for a tag of ours, and comes back as it was."""

import re
from html import escape

ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
ENTITY = re.compile("|".join(ENTITIES))


def protect(text: str) -> str:
    """The text with `<`, `>` and `&` as entities, which the prompt explains."""
    return escape(text, quote=False)


def one_line(text: str) -> str:
    """The same without line ends: a name or title cannot begin a line of its own."""
    return protect(" ".join(text.split()))


def restore(text: str) -> str:
    """`protect` undone, once: entities that somebody really said were protected as well."""
    return ENTITY.sub(lambda match: ENTITIES[match.group()], text)
