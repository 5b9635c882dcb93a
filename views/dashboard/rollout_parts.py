"""What the rollouts' pages share: where they are, how they lead back, and plain sentences."""

from services.phrases import Phrase
from services.rollouts import Rollout
from views.dashboard.kit.blocks import Crumb
from views.dashboard.kit.reader import PageReader
from views.words.dashboard import rollouts as say

PATH, CONFIRM = "/admin/rollouts", "confirm"


def path_of(of: Rollout) -> str:
    """Of its page."""
    return f"{PATH}/{of.id}"


def crumbs(reader: PageReader, of: Rollout | None = None) -> tuple[Crumb, ...]:
    """The pages above."""
    top = Crumb(reader(say.TITLE), PATH)
    return (top,) if of is None else (top, Crumb(of.version, path_of(of)))


def sentence(text: str) -> str:
    """Words of Slack's card, as they begin on a page."""
    return text[:1].upper() + text[1:]


def plain(said: Phrase) -> Phrase:
    """Slack's emphasis is none on a page."""
    return Phrase(said.en.replace("*", ""), said.it.replace("*", ""))
