"""What the doctor says of a few settings, in one line."""

from collections.abc import Awaitable
from dataclasses import dataclass

from bot.settings.settings import Settings
from integrations.errors import AuthExpired, IntegrationError, RateLimited, Unreachable

FINE = "ok"
WRONG = "NO"
# Not set and not needed, or beyond what can be tried from here.
UNTRIED = "--"
NOT_SET = "not set"


@dataclass(frozen=True, slots=True)
class SettingFinding:
    """Settings by their fields' names that were looked at together, and what came of it."""

    names: tuple[str, ...]
    result: str
    words: str

    def __str__(self) -> str:
        return f"{self.result}  {', '.join(self.names).upper()}: {self.words}"


def fine(*names: str, words: str) -> SettingFinding:
    """All is well."""
    return SettingFinding(names, FINE, words)


def wrong(*names: str, words: str) -> SettingFinding:
    """Something is wrong with the first of them; its cure is added."""
    return SettingFinding(names, WRONG, Settings.rule(names[0]).cured(words))


def untried(*names: str, words: str) -> SettingFinding:
    """Nobody could tell from here."""
    return SettingFinding(names, UNTRIED, words)


async def tried(*names: str, call: Awaitable[None], words: str = "accepted") -> SettingFinding:
    """A credential (the first of the names) as its vendor sees it; `words` when it is accepted."""
    try:
        await call
    except AuthExpired as error:
        return wrong(*names, words=f"{error.vendor} refuses it")
    except Unreachable as error:
        said = f"{error.vendor} does not answer ({error.detail}); is the address right?"
        return SettingFinding(names, WRONG, said)
    except RateLimited as error:
        return untried(*names, words=f"{error.vendor} has no time now; try again later")
    except IntegrationError as error:
        return wrong(*names, words=f"refused: {error}")
    return fine(*names, words=words)
