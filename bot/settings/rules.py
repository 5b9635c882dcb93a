"""What a setting's value must be, and how one comes by a right one: a line of text for people."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import SecretStr

NOTHING = SecretStr("")
# Shorter ones can be guessed by whoever has one digest or one signature made with them.
LEAST_SECRET = 32

# What is wrong with a value; "" when nothing is.
Check = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class SettingRule:
    """Stands beside a setting's type.

    `cure` says how one comes by a right value; `needs` is the field without which it says nothing.
    """

    check: Check | None = None
    cure: str = ""
    needs: str = ""

    def fault(self, value: str) -> str:
        """What is wrong with the value, and its cure; "" when nothing is, or it is not set."""
        wrong = self.check(value) if value and self.check else ""
        return self.cured(wrong) if wrong else ""

    def cured(self, wrong: str) -> str:
        """The fault with what mends it; nothing to add when there is no cure of its own."""
        return f"{wrong}; {self.cure}" if self.cure else wrong


def address(value: str) -> str:
    """A whole address of HTTP that our own paths may be put behind."""
    try:
        parts = urlsplit(value)
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if not whole or not value.isprintable() or " " in value:
        return "must be a whole address with https:// (or http://) and a host"
    if "@" in parts.netloc or "?" in value or "#" in value:
        return "must be without user name, password, question mark and #"
    return ""


def at_least(least: int) -> Check:
    """So many characters."""
    return lambda value: f"is too short, {least} characters at least" if len(value) < least else ""


def like(pattern: str, wrong: str) -> Check:
    """The whole value matches."""
    return lambda value: "" if re.fullmatch(pattern, value) else wrong


def repeated(*keys: bytes) -> str:
    """For checks of keys: one of them is no secret."""
    return "is one byte again and again, no secret" if any(len(set(k)) == 1 for k in keys) else ""


# Where a vendor is; only these differ in the sandbox.
Address = Annotated[str, SettingRule(address)]
