"""Listeners that fail as told, and a modal to open, for the tests of turns and problems."""

from collections.abc import Awaitable, Callable
from typing import Any

from handlers.slack.kit.context import Turn
from services.phrases import Phrase
from views.kit.blocks import View, modal, section

TIRED = Phrase("The machine is tired.", "La macchina è stanca.")


def failing(error: Exception, *, first_ack: bool = False) -> Callable[[Turn, Any], Awaitable[None]]:
    """A listener that raises `error`, before its ack or after."""

    async def fail(turn: Turn, payload: Any) -> None:
        if first_ack:
            await turn.ack()
        raise error

    return fail


def simple(title: str = "Title") -> View:
    """A modal with one line."""
    return modal("simple", title, [section("text")], close="Close")
