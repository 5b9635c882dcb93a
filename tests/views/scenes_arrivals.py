"""Meetings that arrived, on a card before a follow-up is written."""

from dataclasses import replace

from services.arrivals import ArrivalCard
from services.arrivals.beginning import LOOK_AGAIN
from services.arrivals.cards import ASKED, DISMISSED, OVER, WAITING
from services.arrivals.judging import NOBODY, SHORT, SILENT
from tests.views import samples as some
from tests.views.scenes import Scene, given
from views.slack import arrivals

CARD = ArrivalCard(
    id="a0110000000000000000000000000001",
    title=some.TITLE,
    guests=(some.CAROL.name,),
    started_at=some.NOW,
    url="https://fathom.video/share/abc",
    state=ASKED,
    reason="",
)
AGAIN = some.NOW + LOOK_AGAIN
STATES = {
    "asked": CARD,
    "many": replace(CARD, guests=("Carol Vance", "Dan Ito", "Eva R&D <b>", "Finn"), url=""),
    "two": replace(CARD, guests=("Carol Vance", "Dan Ito", "Eva")),
    "nobody_invited": replace(CARD, guests=(), title=" "),
    "waiting": replace(CARD, state=WAITING, reason=SILENT, again_at=AGAIN),
    "over": replace(CARD, state=OVER, reason=SILENT),
    "short": replace(CARD, reason=SHORT),
    "nobody_spoke": replace(CARD, reason=NOBODY),
    "dismissed": replace(CARD, state=DISMISSED),
}
ARRIVALS = (
    *(
        Scene(arrivals.card, state, lambda lang, card=card: given(card, some.member(lang)))
        for state, card in STATES.items()
    ),
    Scene(arrivals.reminder, "normal", lambda lang: given(some.TITLE, some.member(lang))),
)
