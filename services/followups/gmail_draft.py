"""The Gmail draft of a follow-up: made once, brought up to date, never over its owner's hand."""

from dataclasses import dataclass
from email.message import EmailMessage

from pydantic import TypeAdapter

from integrations.google.client import Google
from integrations.google.types import DraftReceipt
from services.connections import RENEWING, Access, Gmail
from services.errors import Disconnected, Temporary, translate_vendor_errors
from services.followups.actions import ActionEffect, ActionOrder, ActionPlan, Undecided
from services.followups.mime import Imprint, Letters, differences, imprint
from services.followups.progress import DONE, GMAIL
from services.phrases import Phrase

# What its owner is asked, and what they may answer.
CHANGED = "changed"
GONE_FROM_GMAIL = "gone"
REPLACE = "replace"

CREATES = Phrase(
    "A draft “{subject}” to {people} in the Gmail of {account}; nothing is sent.",
    "Una bozza “{subject}” per {people} nel Gmail di {account}; nulla viene inviato.",
)
UPDATES = Phrase(
    "The draft in your Gmail gets the text of version {number}.",
    "La bozza nel tuo Gmail riceve il testo della versione {number}.",
)
NOBODY_YET = Phrase("nobody yet", "nessuno ancora")
DELETES = Phrase(
    "The Gmail draft is deleted for good.", "La bozza in Gmail viene eliminata per sempre."
)
CHANGED_THERE = Phrase(
    "The draft was changed in Gmail ({what}), so I left it alone.",
    "La bozza è stata modificata in Gmail ({what}), quindi non l’ho toccata.",
)
NOT_THERE = Phrase(
    "The draft is not in your Gmail any more: it was sent, or discarded there.",
    "La bozza non è più nel tuo Gmail: è stata inviata, o scartata lì.",
)
STAYS_CHANGED = Phrase(
    "The Gmail draft stays: you changed it there ({what}). Delete it in Gmail if you want.",
    "La bozza in Gmail resta: l’hai modificata lì ({what}). Eliminala in Gmail, se vuoi.",
)
STAYS_GONE = Phrase(
    "The Gmail draft was sent or discarded in Gmail already: there is nothing to take back.",
    "La bozza è già stata inviata o scartata in Gmail: non c’è niente da annullare.",
)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The members' grants, and the way into their mailboxes."""

    gmail: Gmail
    google: Google


@dataclass(frozen=True, slots=True)
class DraftKept:
    """What is kept of a draft: its ids, and what we wrote, once for each try that may hold it."""

    draft_id: str = ""
    thread_id: str = ""
    written: tuple[Imprint, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundDraft:
    """Our draft as it is in Gmail now; its `message_id` is "" where only our own id is known."""

    draft: DraftReceipt
    there: EmailMessage


KEPT: TypeAdapter[DraftKept] = TypeAdapter(DraftKept)


class GmailDraft:
    """Puts a version into its owner's Gmail drafts, never twice."""

    name = GMAIL
    renews = True

    def __init__(self, mailbox: Mailbox) -> None:
        self._gmail = mailbox.gmail
        self._google = mailbox.google
        self._letters = Letters()

    async def check(self, order: ActionOrder) -> None:
        """Gmail is connected."""
        await self._gmail.connected(order.followup.actor)

    async def plan(self, order: ActionOrder) -> ActionPlan:
        """To whom, from which mailbox; or that the draft is brought up to date."""
        language, followup = order.member.language, order.followup
        try:
            account = await self._gmail.connected(followup.actor)
        except Disconnected as error:
            return ActionPlan("", refusal=error.sentence(language), missing=error.vendor)
        if order.receipt.status == DONE:
            return ActionPlan(UPDATES(language, number=followup.version))
        people = ", ".join((*followup.options.to, *followup.options.cc)) or NOBODY_YET(language)
        subject = followup.draft.subject if followup.draft else ""
        return ActionPlan(CREATES(language, subject=subject, people=people, account=account))

    async def act(self, order: ActionOrder) -> ActionEffect:
        """Find our draft or create it; one of an earlier order gets the words of this one."""
        access = await self._gmail.access(order.followup.actor)
        message = self._message(order, access)
        try:
            with translate_vendor_errors("Google"):
                made = await self._make(order, access, message)
        except Disconnected as error:
            raise await self._renew(order, access, error) from error
        return ActionEffect(made.draft_id, made.url(access.account))

    async def plan_undo(self, order: ActionOrder) -> ActionPlan:
        """Whether the draft would be deleted."""
        return ActionPlan(DELETES(order.member.language))

    async def undo(self, order: ActionOrder) -> str:
        """Delete the draft, unless its owner has worked on it; one that is gone stays gone."""
        language = order.member.language
        access = await self._gmail.access(order.followup.actor)
        kept = _kept(order)
        try:
            with translate_vendor_errors("Google"):
                there = await self._google.read_draft(access.token, order.receipt.external_id)
                if there is None:
                    return STAYS_GONE(language)
                if changed := differences(kept.written, imprint(there), language):
                    return STAYS_CHANGED(language, what=changed)
                await self._google.delete_draft(access.token, order.receipt.external_id)
        except Disconnected as error:
            raise await self._renew(order, access, error) from error
        return ""

    async def _make(
        self, order: ActionOrder, access: Access, message: EmailMessage
    ) -> DraftReceipt:
        kept, new = _kept(order), imprint(message)
        found = await self._found(kept, access, marker_of(order))
        if found is None:
            if kept.draft_id:
                raise Undecided(GONE_FROM_GMAIL, NOT_THERE)
            await order.keep(_dumped(DraftKept(written=(*kept.written, new))))
            made = await self._google.create_draft(access.token, message, None)
        elif imprint(found.there) == new and found.draft.message_id:
            made = found.draft
        else:
            written = (*kept.written, new)
            changed = differences(written, imprint(found.there), order.member.language)
            if changed and order.answer != REPLACE:
                raise Undecided(CHANGED, CHANGED_THERE, what=changed)
            draft_id, thread_id = found.draft.draft_id, found.draft.thread_id
            await order.keep(_dumped(DraftKept(draft_id, thread_id, written)))
            made = await self._google.update_draft(access.token, draft_id, message)
        await order.keep(_dumped(DraftKept(made.draft_id, made.thread_id, (new,))))
        return made

    async def _found(self, kept: DraftKept, access: Access, marker: str) -> FoundDraft | None:
        """The draft we made, by its id where we heard it, else by our mark; and what it holds."""
        draft: DraftReceipt | None = DraftReceipt(kept.draft_id, "", kept.thread_id)
        if not kept.draft_id:
            draft = await self._google.find_draft(access.token, marker)
        if draft is None:
            return None
        there = await self._google.read_draft(access.token, draft.draft_id)
        return FoundDraft(draft, there) if there is not None else None

    def _message(self, order: ActionOrder, access: Access) -> EmailMessage:
        draft = order.followup.draft
        if draft is None:
            raise ValueError("an order without a version")
        return self._letters.message(
            draft,
            order.followup.options,
            sender=access.account,
            signature=order.member.signature,
            marker=marker_of(order),
        )

    async def _renew(self, order: ActionOrder, access: Access, error: Disconnected) -> Temporary:
        """The token died before its time; the next try renews it, or learns that it cannot."""
        await self._gmail.refused(order.followup.actor, access)
        return Temporary(RENEWING)


def marker_of(order: ActionOrder) -> str:
    """By which the draft is found again; another for a draft that is made anew."""
    followup_id, _, generation = order.key.split(":")
    return followup_id if generation == "0" else f"{followup_id}-{generation}"


def _kept(order: ActionOrder) -> DraftKept:
    return KEPT.validate_json(order.effect) if order.effect else DraftKept()


def _dumped(kept: DraftKept) -> str:
    return KEPT.dump_json(kept).decode()
