"""Long lists, shown a page at a time."""

from services.phrases import Phrase

MAX_PAGE = 200

NO_PLACE = Phrase(
    "That place in the list is gone. Start again from its beginning.",
    "Quel punto dell’elenco non c’è più. Ricomincia dall’inizio.",
)


def bounded(limit: int) -> int:
    """How many of a list are shown at once."""
    return max(1, min(limit, MAX_PAGE))
