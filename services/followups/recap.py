"""The recap of a meeting for colleagues: posted once into a channel that its owner chose."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from pydantic import TypeAdapter

from db.followups import followups as table
from db.store.session import Database
from services.actors import Actor
from services.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from services.followups.actions import ActionEffect, ActionOrder, ActionPlan, Undecided
from services.followups.drafts import ActionItem
from services.followups.progress import FollowUp
from services.meetings import Meetings
from services.phrases import Phrase

RECAP = "recap"
UNCERTAIN = "uncertain"
MAX_TEXT = 10_000

POSTS = Phrase(
    "A message in #{channel}, from me, for everybody there: “{text}”",
    "Un messaggio in #{channel}, da parte mia, per tutti lì: “{text}”",
)
CHOOSE = Phrase(
    "Choose the channel first: press Change.", "Prima scegli il canale: premi Modifica."
)
NO_CHANNEL = Phrase("Choose a channel.", "Scegli un canale.")
NO_TEXT = Phrase("The recap has no text yet.", "Il riepilogo non ha ancora un testo.")
TEXT_TOO_LONG = Phrase(
    "That is {n} characters; {limit} is the most a recap can take. Shorten it.",
    "Sono {n} caratteri; un riepilogo ne accetta al massimo {limit}. Accorcialo.",
)
NOT_IN_CHANNEL = Phrase(
    "I am not in #{channel}. Write “/invite @Seguito” there, or choose another channel.",
    "Non sono in #{channel}. Scrivi lì “/invite @Seguito”, o scegli un altro canale.",
)
NOT_FOUND = Phrase(
    "I cannot see that channel. Write “/invite @Seguito” there, or choose another one.",
    "Non vedo quel canale. Scrivi lì “/invite @Seguito”, o scegline un altro.",
)
ARCHIVED = Phrase(
    "#{channel} is archived. Choose another channel.",
    "#{channel} è archiviato. Scegli un altro canale.",
)
NOT_ALLOWED_THERE = Phrase(
    "I may not post in #{channel}. Choose another channel, or ask whoever runs it.",
    "Non posso pubblicare in #{channel}. Scegli un altro canale, o chiedi a chi lo gestisce.",
)
NO_SCOPE = Phrase(
    "I may not look at channels yet. Ask an admin to install me again.",
    "Non posso ancora vedere i canali. Chiedi a un admin di reinstallarmi.",
)
OUTSIDERS = Phrase(
    "People from outside your company read #{channel}. Press Change and confirm it, or choose "
    "another channel.",
    "Persone esterne alla tua azienda leggono #{channel}. Premi Modifica e confermalo, o scegli "
    "un altro canale.",
)
AMONG_US = Phrase(
    "Nobody from outside was invited to this meeting; tick it if the channel may read about it.",
    "Nessun esterno era invitato a questa riunione; selezionalo se il canale può leggerne.",
)
MAY_BE_THERE = Phrase(
    "Slack did not say whether the recap arrived in #{channel}. Please look there.",
    "Slack non ha detto se il riepilogo è arrivato in #{channel}. Guarda lì, per favore.",
)
DELETES = Phrase("The message in #{channel} is deleted.", "Il messaggio in #{channel} è eliminato.")
STAYS_UNKNOWN = Phrase(
    "I do not know which message the recap is. Delete it in Slack if you want.",
    "Non so quale messaggio sia il riepilogo. Eliminalo in Slack, se vuoi.",
)
STAYS_REFUSED = Phrase(
    "Slack does not let me delete the recap any more. Ask whoever runs the channel.",
    "Slack non mi permette più di eliminare il riepilogo. Chiedi a chi gestisce il canale.",
)
HEAD = Phrase("Recap: {title}", "Riepilogo: {title}")
ITEMS = Phrase("Action items", "Cose da fare")
BY = Phrase("by {due}", "entro {due}")


@dataclass(frozen=True, slots=True)
class RecapChannel:
    """A channel as Slack has it now; `is_shared`: another company reads it, or is invited to."""

    id: str
    name: str
    is_member: bool
    is_archived: bool = False
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class RecapPost:
    """A message that was posted: its place and its address."""

    channel_id: str
    ts: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class RecapWish:
    """What its owner chose: where, which words ("" for those of the draft), and whether people
    from outside may read it there."""

    channel_id: str = ""
    text: str = ""
    outsiders: bool = False


@dataclass(frozen=True, slots=True)
class RecapKept:
    """What is kept of a recap: that it was about to be posted, then where it is."""

    channel: str
    channel_id: str = ""
    ts: str = ""


RECAP_WISHES: TypeAdapter[RecapWish] = TypeAdapter(RecapWish)
KEPT: TypeAdapter[RecapKept] = TypeAdapter(RecapKept)


# Slack's words for where one may not post (docs.slack.dev, chat.postMessage).
REFUSALS: Mapping[str, Phrase] = {
    "channel_not_found": NOT_FOUND,
    "is_archived": ARCHIVED,
    "missing_scope": NO_SCOPE,
    "not_in_channel": NOT_IN_CHANNEL,
    "restricted_action": NOT_ALLOWED_THERE,
    "restricted_action_read_only_channel": NOT_ALLOWED_THERE,
    "team_access_not_granted": NO_SCOPE,
}


class RecapRoom(Protocol):
    """The workspace's channels."""

    async def channel(self, actor: Actor, channel_id: str) -> RecapChannel:
        """The channel as it is now; raises Conflict when it cannot be seen, or Temporary."""

    async def post(
        self, followup: FollowUp, channel: RecapChannel, text: str, *, language: str
    ) -> RecapPost:
        """Say it there. Raises Conflict when Slack refuses and Temporary when it did not take it;
        Undecided when nobody knows."""

    async def delete(self, actor: Actor, channel_id: str, ts: str) -> None:
        """Take it back; what is gone is fine. NotAllowed when Slack refuses, or Temporary."""


@dataclass(frozen=True, slots=True)
class RecapForm:
    """What its owner sees before it is posted, and may change."""

    followup: FollowUp
    wish: RecapWish
    text: str


class Recap:
    """Posts the summary, the action items and the recording's address into a channel."""

    name = RECAP
    renews = False

    def __init__(self, database: Database, meetings: Meetings, room: RecapRoom) -> None:
        self._database = database
        self._meetings = meetings
        self._room = room

    async def check(self, order: ActionOrder) -> None:
        """A channel was chosen."""
        if not (await self._wish(order)).channel_id:
            raise Conflict(CHOOSE)

    async def plan(self, order: ActionOrder) -> ActionPlan:
        """Where it would be posted, and how it begins."""
        language, wish = order.member.language, await self._wish(order)
        if not wish.channel_id:
            return ActionPlan("", refusal=CHOOSE(language))
        channel = await self._open(order.followup.actor, wish)
        text = wish.text or recap_text(order.followup, language)
        doubt = AMONG_US(language) if await self._among_us(order.followup) else ""
        return ActionPlan(POSTS(language, channel=channel.name, text=text), doubt=doubt)

    async def act(self, order: ActionOrder) -> ActionEffect:
        """Post it, unless an earlier try may have done so."""
        if order.effect:
            raise recap_lost(KEPT.validate_json(order.effect).channel)
        wish, actor = await self._wish(order), order.followup.actor
        if not wish.channel_id:
            raise Conflict(CHOOSE)
        channel = await self._open(actor, wish)
        language = order.member.language
        text = wish.text or recap_text(order.followup, language)
        kept = RecapKept(channel.name, channel.id)
        # Slack has no word by which it knows a repeat: what may have been posted is never repeated.
        await order.keep(_dumped(kept))
        try:
            posted = await self._room.post(order.followup, channel, text, language=language)
        except Undecided:
            raise
        except DomainError:
            await order.keep("")
            raise
        await order.keep(_dumped(replace(kept, ts=posted.ts)))
        return ActionEffect(f"{posted.channel_id}:{posted.ts}", posted.url, f"#{channel.name}")

    async def plan_undo(self, order: ActionOrder) -> ActionPlan:
        """The message would be deleted."""
        language, kept = order.member.language, _kept(order)
        if not (kept and kept.ts):
            return ActionPlan("", refusal=STAYS_UNKNOWN(language))
        return ActionPlan(DELETES(language, channel=kept.channel))

    async def undo(self, order: ActionOrder) -> str:
        """Delete the message."""
        kept = _kept(order)
        if not (kept and kept.ts):
            return STAYS_UNKNOWN(order.member.language)
        try:
            await self._room.delete(order.followup.actor, kept.channel_id, kept.ts)
        except NotAllowed:
            return STAYS_REFUSED(order.member.language)
        return ""

    async def form(self, order: ActionOrder) -> RecapForm:
        """The channel and the words as they stand."""
        wish = await self._wish(order)
        text = wish.text or recap_text(order.followup, order.member.language)
        return RecapForm(order.followup, wish, text)

    async def checked(self, actor: Actor, wish: RecapWish) -> RecapChannel:
        """The channel chosen, if a recap may go there; Invalid names the field, or Conflict."""
        if not wish.channel_id:
            raise Invalid(NO_CHANNEL, field="channel")
        if not wish.text.strip():
            raise Invalid(NO_TEXT, field="text")
        if len(wish.text) > MAX_TEXT:
            raise Invalid(TEXT_TOO_LONG, field="text", n=len(wish.text), limit=MAX_TEXT)
        channel = await self._room.channel(actor, wish.channel_id)
        refuse(channel)
        return channel

    async def _open(self, actor: Actor, wish: RecapWish) -> RecapChannel:
        channel = await self._room.channel(actor, wish.channel_id)
        refuse(channel)
        if channel.is_shared and not wish.outsiders:
            raise Conflict(OUTSIDERS, channel=channel.name)
        return channel

    async def _wish(self, order: ActionOrder) -> RecapWish:
        """What was chosen for it; else the channel of the owner's last recap."""
        if order.wish:
            return RECAP_WISHES.validate_json(order.wish)
        actor = order.followup.actor
        async with self._database.transaction() as session:
            last = await table.last_wish(session, actor.workspace_id, actor.member_id, RECAP)
        return RecapWish(RECAP_WISHES.validate_json(last).channel_id) if last else RecapWish()

    async def _among_us(self, followup: FollowUp) -> bool:
        try:
            meeting = await self._meetings.find(followup.actor, followup.recording_id)
        except NotFound:
            return True
        return not any(guest.is_external for guest in meeting.guests)


def recap_refusal(code: str, channel: str) -> Conflict | None:
    """Slack's word for why one may not post there, as a sentence; None for any other word."""
    phrase = REFUSALS.get(code)
    return None if phrase is None else Conflict(phrase, channel=channel)


def recap_lost(channel: str) -> Undecided:
    """Nobody knows whether it was posted: its owner is asked."""
    return Undecided(UNCERTAIN, MAY_BE_THERE, channel=channel)


def refuse(channel: RecapChannel) -> None:
    """Raise Conflict when nobody can post there, or we cannot."""
    if channel.is_archived:
        raise Conflict(ARCHIVED, channel=channel.name)
    if not channel.is_member:
        raise Conflict(NOT_IN_CHANNEL, channel=channel.name)


def recap_text(followup: FollowUp, language: str) -> str:
    """The words of a recap: the summary, and who will do what until when."""
    draft = followup.draft
    parts = [HEAD(language, title=followup.title)]
    if draft is not None and draft.summary:
        parts.append(draft.summary)
    if draft is not None and draft.action_items:
        items = (f"• {_item(item, language)}" for item in draft.action_items)
        parts.append("\n".join((f"{ITEMS(language)}:", *items)))
    return "\n\n".join(parts)[:MAX_TEXT]


def _item(item: ActionItem, language: str) -> str:
    # An owner is a name as it was heard: whom Slack would notify is not guessed from it.
    facts = [item.owner, BY(language, due=item.due) if item.due else ""]
    told = ", ".join(filter(None, facts))
    return f"{item.text} ({told})" if told else item.text


def _kept(order: ActionOrder) -> RecapKept | None:
    return KEPT.validate_json(order.effect) if order.effect else None


def _dumped(kept: RecapKept) -> str:
    return KEPT.dump_json(kept).decode()
