"""How the imitated Slack says no."""

from typing import Any


class SlackError(Exception):
    """A Web API failure: `{"ok": false, "error": code, **extra}`."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra


class Impossible(Exception):
    """A person tried what no Slack client would let them do; says what."""
