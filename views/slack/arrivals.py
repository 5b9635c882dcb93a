"""A meeting that arrived, as a card in its member's messages, before a follow-up is written."""

from services.arrivals import DISMISSED, NOBODY, OVER, SHORT, SILENT, WAITING, ArrivalCard
from services.people import Member
from views.kit import blocks as kit
from views.kit.controls import Button
from views.kit.text import bold, day, escape, link, name, plain, time
from views.words import arrivals as say
from views.words.followups import UNTITLED
from views.words.followups.actions import RECORDING

WRITE = Button("arrivals.write")
LOOK_AGAIN = Button("arrivals.look_again")
DISMISS = Button("arrivals.dismiss")

NAMED, NAME = 2, 60


def card(arrival: ArrivalCard, member: Member) -> kit.Message:
    """With whom it was, why nothing is written yet, and what can be done."""
    language = member.language
    title = name(arrival.title) if arrival.title.strip() else UNTITLED(language)
    when = f"{day(arrival.started_at)}, {time(arrival.started_at)}"
    more = f" · {link(arrival.url, RECORDING(language))}" if arrival.url else ""
    headline = _headline(arrival, language)
    top = kit.section(f"{bold(escape(headline))}\n{title} · {when}{more}")
    if arrival.state == DISMISSED:
        return kit.message(headline, top, kit.context(say.PUT_AWAY(language)))
    return kit.message(
        headline, top, kit.section(_why(arrival, language)), _buttons(arrival, language)
    )


def reminder(title: str, member: Member) -> kit.Message:
    """Below the card of a draft that was not used."""
    language = member.language
    titled = name(title) if title.strip() else UNTITLED(language)
    text = say.REMINDER(language, title=titled)
    return kit.message(text, kit.section(text))


def _headline(arrival: ArrivalCard, language: str) -> str:
    """The first words of a card, also as notification: plain text."""
    guests, waits = arrival.guests, arrival.reason == SILENT
    if not guests:
        titled = plain(arrival.title, NAME) or UNTITLED(language)
        return (say.ENDED_TITLED if waits else say.READY_TITLED)(language, title=titled)
    named = ", ".join(plain(guest, NAME) for guest in guests[:NAMED])
    if (left := len(guests) - NAMED) > 0:
        named = say.AND_OTHERS(language, left, whom=named)
    return (say.ENDED if waits else say.READY)(language, whom=named)


def _why(arrival: ArrivalCard, language: str) -> str:
    if arrival.reason not in (SILENT, SHORT, NOBODY):
        return say.ASK(language)
    parts = [say.WHY[arrival.reason](language)]
    if arrival.state == WAITING and arrival.again_at is not None:
        parts.append(say.AGAIN_AT(language, time=time(arrival.again_at)))
    if arrival.state == OVER:
        parts.append(say.NO_MORE_LOOKS(language))
    return " ".join(parts)


def _buttons(arrival: ArrivalCard, language: str) -> kit.Block:
    if arrival.reason == SILENT:
        first = LOOK_AGAIN.draw(say.TRY_AGAIN(language), arrival.id)
    else:
        first = WRITE.draw(say.WRITE(language), arrival.id, style="primary")
    return kit.actions(first, DISMISS.draw(say.NOT_THIS_ONE(language), arrival.id))
