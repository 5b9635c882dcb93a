"""The Gmail draft of a follow-up: made once, brought up to date, never over its owner's hand."""

from dataclasses import dataclass, replace
from email.message import EmailMessage

from pydantic import TypeAdapter

from db.followups import followups as table
from db.store.session import Database
from integrations.errors import RefusedByVendor
from integrations.google.client import Google
from integrations.google.types import DraftReceipt
from services.connections import RENEWING, Access, Gmail
from services.errors import Disconnected, Temporary, translate_vendor_errors
from services.followups.actions import ActionEffect, ActionOrder, ActionPlan, Undecided
from services.followups.drafts import OPTIONS, Options
from services.followups.mime import EmailThread, Imprint, Letters, Stamp, differences, imprint
from services.followups.progress import DONE, GMAIL, FollowUp
from services.phrases import Phrase

# Receipts looked through for an earlier conversation with the same people.
EARLIER = 20
# Gmail's words for a conversation that is not there.
NO_THREAD = frozenset({"notFound", "invalidArgument", "failedPrecondition", "400"})
WRITTEN_BY_US = ("written", "plain")
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
IN_THREAD = Phrase(
    "It answers in your earlier conversation “{subject}”.",
    "Risponde nella vostra conversazione precedente “{subject}”.",
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
    # The earlier conversation that it answers, and its own Message-ID, to be answered in turn.
    thread: EmailThread | None = None
    message_id: str = ""
    # The order in which an undo began to delete it.
    deleting: int = 0


@dataclass(frozen=True, slots=True)
class FoundDraft:
    """Our draft as it is in Gmail now; its `message_id` is "" where only our own id is known."""

    draft: DraftReceipt
    there: EmailMessage


MadeDraft = tuple[DraftReceipt, EmailThread | None]
KEPT: TypeAdapter[DraftKept] = TypeAdapter(DraftKept)


class GmailDraft:
    """Puts a version into its owner's Gmail drafts, never twice."""

    name = GMAIL
    renews = True

    def __init__(self, database: Database, mailbox: Mailbox) -> None:
        self._database = database
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
        try:
            with translate_vendor_errors("Google"):
                made, thread = await self._make(order, access)
        except Disconnected as error:
            raise await self._renew(order, access, error) from error
        language = order.member.language
        note = IN_THREAD(language, subject=thread.subject) if thread else ""
        return ActionEffect(made.draft_id, made.url(access.account), note)

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
                    # An earlier try of this undo deleted it, and was killed or not answered.
                    return "" if kept.deleting == order.attempt else STAYS_GONE(language)
                if changed := differences(kept.written, imprint(there), language):
                    return STAYS_CHANGED(language, what=changed)
                await order.keep(_dumped(replace(kept, deleting=order.attempt)))
                await self._google.delete_draft(access.token, order.receipt.external_id)
        except Disconnected as error:
            raise await self._renew(order, access, error) from error
        return ""

    async def _make(self, order: ActionOrder, access: Access) -> MadeDraft:
        kept = _kept(order)
        found = await self._found(kept, access, marker_of(order))
        if found is None:
            if kept.draft_id:
                raise Undecided(GONE_FROM_GMAIL, NOT_THERE)
            return await self._create(order, access, kept)
        message = self._message(order, access, kept.thread)
        new, there = imprint(message), imprint(found.there)
        if there == new and found.draft.message_id:
            made = found.draft
        else:
            written = (*kept.written, new)
            changed = differences(written, there, order.member.language)
            if changed and order.answer != REPLACE:
                raise Undecided(CHANGED, CHANGED_THERE, what=changed)
            draft_id, thread_id = found.draft.draft_id, found.draft.thread_id
            await order.keep(_dumped(replace(kept, draft_id=draft_id, written=written)))
            made = await self._google.update_draft(access.token, draft_id, message, thread_id)
        await self._remember(order, access, made, (kept.thread, new))
        return made, kept.thread

    async def _create(self, order: ActionOrder, access: Access, kept: DraftKept) -> MadeDraft:
        """A draft of its own, or an answer in an earlier conversation where that is known."""
        thread = await self._earlier(order, access)
        for joined in (thread, None) if thread else (None,):
            message = self._message(order, access, joined)
            written = (*kept.written, imprint(message))
            await order.keep(_dumped(DraftKept(written=written, thread=joined)))
            try:
                thread_id = joined.id if joined else None
                made = await self._google.create_draft(access.token, message, thread_id)
            except RefusedByVendor as refused:
                # The conversation is gone: a new one then.
                if joined is None or refused.code not in NO_THREAD:
                    raise
                continue
            await self._remember(order, access, made, (joined, written[-1]))
            return made, joined
        raise AssertionError("a draft without a thread is made or refused")

    async def _remember(
        self,
        order: ActionOrder,
        access: Access,
        made: DraftReceipt,
        what: tuple[EmailThread | None, Imprint],
    ) -> None:
        """Keep the ids by which it is found, and by which a later one can answer it."""
        thread, written = what
        # Gmail may have put a Message-ID of its own in the place of ours.
        there = await self._google.read_draft(access.token, made.draft_id)
        message_id = str(there["Message-ID"] or "") if there is not None else ""
        kept = DraftKept(made.draft_id, made.thread_id, (written,), thread, message_id)
        await order.keep(_dumped(kept))

    async def _earlier(self, order: ActionOrder, access: Access) -> EmailThread | None:
        """The member's last conversation with the same people, once its draft was sent.

        Of Gmail we may read our own drafts only: what is not there any more was sent, or
        discarded, which `create_draft` tells apart. Who wrote a subject by hand gets that one.
        """
        followup = order.followup
        if _own_subject(followup):
            return None
        async with self._database.transaction() as session:
            scope = (followup.actor.workspace_id, followup.actor.member_id)
            known = await table.earlier(session, *scope, GMAIL, beside=followup.id, limit=EARLIER)
        people = _people(followup.options)
        for effect, options in known:
            kept = KEPT.validate_json(effect) if effect else DraftKept()
            if not (kept.thread_id and kept.message_id and kept.draft_id and people):
                continue
            if _people(OPTIONS.validate_json(options)) != people:
                continue
            if await self._google.read_draft(access.token, kept.draft_id) is not None:
                return None
            before = kept.thread.references if kept.thread else ()
            references = (*before, kept.message_id)
            return EmailThread(kept.thread_id, references, kept.written[-1].subject)
        return None

    async def _found(self, kept: DraftKept, access: Access, marker: str) -> FoundDraft | None:
        """The draft we made, by its id where we heard it, else by our mark; and what it holds."""
        draft: DraftReceipt | None = DraftReceipt(kept.draft_id, "", kept.thread_id)
        if not kept.draft_id:
            draft = await self._google.find_draft(access.token, marker)
        if draft is None:
            return None
        there = await self._google.read_draft(access.token, draft.draft_id)
        return FoundDraft(draft, there) if there is not None else None

    def _message(
        self, order: ActionOrder, access: Access, thread: EmailThread | None
    ) -> EmailMessage:
        draft = order.followup.draft
        if draft is None:
            raise ValueError("an order without a version")
        stamp = Stamp(access.account, order.member.signature, marker_of(order))
        return self._letters.message(draft, order.followup.options, stamp, thread)

    async def _renew(self, order: ActionOrder, access: Access, error: Disconnected) -> Temporary:
        """The token died before its time; the next try renews it, or learns that it cannot."""
        await self._gmail.refused(order.followup.actor, access)
        return Temporary(RENEWING)


def marker_of(order: ActionOrder) -> str:
    """By which the draft is found again; another for a draft that is made anew."""
    followup_id, _, generation = order.key.split(":")
    return followup_id if generation == "0" else f"{followup_id}-{generation}"


def _own_subject(followup: FollowUp) -> bool:
    """Whether its owner wrote the subject by hand."""
    written = [one.subject for one in followup.revisions if one.origin in WRITTEN_BY_US]
    subject = followup.draft.subject if followup.draft else ""
    return subject not in written


def _people(options: Options) -> frozenset[str]:
    return frozenset((*options.to, *options.cc))


def _kept(order: ActionOrder) -> DraftKept:
    return KEPT.validate_json(order.effect) if order.effect else DraftKept()


def _dumped(kept: DraftKept) -> str:
    return KEPT.dump_json(kept).decode()
