"""The CRM note of a follow-up: on account, deal and contacts, once for a recording."""

from dataclasses import replace
from datetime import datetime, timedelta

from integrations.errors import AuthExpired, RateLimited, RefusedByVendor
from services.crm import CrmPort, NewNote, Note
from services.errors import Disconnected, Invalid, Temporary
from services.followups.actions import ActionEffect, ActionOrder, ActionPlan
from services.followups.crm_target import CrmTarget, CrmTargets
from services.followups.crm_wishes import NOTE_KEPT, NOTE_WISH, NoteKept, NoteWish
from services.followups.progress import DONE, FollowUp
from services.phrases import Phrase
from services.ports import Clock

NAME = "note"
# What a create whose answer was lost may take until it can be seen (contract hubspot §6).
SETTLES = timedelta(seconds=30)

WRITES = Phrase("A note on {whom} in {crm}.", "Una nota su {whom} in {crm}.")
UPDATES = Phrase(
    "The note in {crm} gets the text of version {number}.",
    "La nota in {crm} riceve il testo della versione {number}.",
)
STAYS_AS_IT_IS = Phrase(
    "The note is in {crm} already, and {crm} lets nobody change one: it stays as it is.",
    "La nota è già in {crm}, e {crm} non permette di modificarla: resta com’è.",
)
NO_NOTE = Phrase(
    "This follow-up has no CRM note: write one in View & edit.",
    "Questo follow-up non ha una nota CRM: scrivila in Vedi e modifica.",
)
PRIVATE = Phrase(
    "The recording is not shared with your team, but everybody with {crm} will read this note.",
    "La registrazione non è condivisa con il tuo team, ma chiunque usi {crm} leggerà questa nota.",
)
THERE_ALREADY = Phrase(
    "It was there already ({crm} had a note of this recording), so I wrote no second one.",
    "C’era già ({crm} aveva una nota di questa registrazione), quindi non ne ho scritta una "
    "seconda.",
)
STILL_OPEN = Phrase(
    "{crm} has not said whether the note was written. I look again in a moment.",
    "{crm} non ha detto se la nota è stata scritta. Guardo di nuovo tra poco.",
)
DELETES = Phrase("The note in {crm} is deleted.", "La nota in {crm} viene eliminata.")
KEEPS = Phrase(
    "The note stays in {crm}: its API deletes no notes.",
    "La nota resta in {crm}: la sua API non elimina note.",
)
NOT_OURS = Phrase(
    "The note stays in {crm}: it was there before this follow-up.",
    "La nota resta in {crm}: c’era prima di questo follow-up.",
)


class CrmNoteAction:
    """Writes the note of the edited draft, looking before it creates and after a lost reply."""

    name = NAME
    renews = True

    def __init__(self, targets: CrmTargets, clock: Clock) -> None:
        self._targets = targets
        self._clock = clock

    async def check(self, order: ActionOrder) -> None:
        """There is a note, and a CRM to put it into."""
        if not text_of(order):
            raise Invalid(NO_NOTE)
        await self._targets.connected(order.followup.actor)

    async def plan(self, order: ActionOrder) -> ActionPlan:
        """On whom; doubtful when the recording is not shared with the team."""
        language = order.member.language
        if not text_of(order):
            return ActionPlan("", refusal=NO_NOTE(language))
        try:
            async with self._targets.access.using(order.followup.actor) as crm:
                return await self._planned(order, crm)
        except Disconnected as error:
            return ActionPlan("", refusal=error.sentence(language), missing=error.vendor)

    async def act(self, order: ActionOrder) -> ActionEffect:
        """Find the recording's note or write it; ours gets the words of a later version."""
        async with self._targets.access.using(order.followup.actor) as crm:
            kept = _kept(order)
            target = await self._target(crm, order)
            new = self._note(order, target)
            found = await crm.find_note(target.account.id, new.marker)
            if found is not None:
                return await self._found(order, crm, new, found)
            if kept.began_at and not kept.note_id:
                self._wait(kept.began_at, crm)
            return await self._write(order, crm, new)

    async def plan_undo(self, order: ActionOrder) -> ActionPlan:
        """Deleted, where the CRM lets us and it is ours."""
        language = order.member.language
        async with self._targets.access.using(order.followup.actor) as crm:
            if stays := _stays(order, crm):
                return ActionPlan("", refusal=stays(language, crm=crm.name))
            return ActionPlan(DELETES(language, crm=crm.name))

    async def undo(self, order: ActionOrder) -> str:
        """Delete it, or say why it stays."""
        async with self._targets.access.using(order.followup.actor) as crm:
            if stays := _stays(order, crm):
                return stays(order.member.language, crm=crm.name)
            await crm.delete_note(order.receipt.external_id)
        return ""

    async def _planned(self, order: ActionOrder, crm: CrmPort) -> ActionPlan:
        language = order.member.language
        if order.receipt.status == DONE:
            words = UPDATES if crm.capabilities.can_edit_note else STAYS_AS_IT_IS
            return ActionPlan(words(language, crm=crm.name, number=order.followup.version))
        target = await self._target(crm, order)
        new = self._note(order, target)
        people = [one.name for one in target.known.contacts if one.id in new.contact_ids]
        deal = target.deal(new.deal_id)
        whom = ", ".join((target.account.name, *([deal.name] if deal else []), *people))
        doubt = "" if target.meeting.shared else PRIVATE(language, crm=crm.name)
        return ActionPlan(WRITES(language, whom=whom, crm=crm.name), doubt=doubt)

    async def _target(self, crm: CrmPort, order: ActionOrder) -> CrmTarget:
        chosen = _wish(order).account_id or _kept(order).account_id
        return await self._targets.find(crm, order.followup, chosen)

    def _note(self, order: ActionOrder, target: CrmTarget) -> NewNote:
        wish, followup = _wish(order), order.followup
        present = tuple(one.id for one in target.present)
        return NewNote(
            account_id=target.account.id,
            text=f"{followup.title}\n{text_of(order)}\n\n{followup.url}".strip(),
            marker=marker_of(followup),
            at=followup.started_at,
            deal_id=wish.deal_id if wish.chosen else target.only_deal,
            contact_ids=wish.contact_ids if wish.chosen else present,
        )

    async def _found(
        self, order: ActionOrder, crm: CrmPort, new: NewNote, found: Note
    ) -> ActionEffect:
        kept, language = _kept(order), order.member.language
        ours = kept.note_id == found.id or (kept.began_at is not None and not kept.note_id)
        await order.keep(_dumped(NoteKept(new.account_id, found.id, ours=ours)))
        if not ours:
            return ActionEffect(found.id, found.url, THERE_ALREADY(language, crm=crm.name))
        if new.text.split() == found.text.removesuffix(new.marker).split() or not kept.note_id:
            return ActionEffect(found.id, found.url)
        if not crm.capabilities.can_edit_note:
            return ActionEffect(found.id, found.url, STAYS_AS_IT_IS(language, crm=crm.name))
        changed = await crm.update_note(found.id, new)
        return ActionEffect(changed.id, changed.url)

    async def _write(self, order: ActionOrder, crm: CrmPort, new: NewNote) -> ActionEffect:
        began = NoteKept(new.account_id, began_at=self._clock())
        await order.keep(_dumped(began))
        try:
            made = await crm.create_note(new)
        except (AuthExpired, RateLimited, RefusedByVendor):
            # Certainly not written: a note that turns up later is somebody else's.
            await order.keep(_dumped(NoteKept(new.account_id)))
            raise
        await order.keep(_dumped(replace(began, note_id=made.id)))
        return ActionEffect(made.id, made.url)

    def _wait(self, began_at: datetime, crm: CrmPort) -> None:
        left = began_at + SETTLES - self._clock()
        if left > timedelta(0):
            raise Temporary(STILL_OPEN, retry_after=left, crm=crm.name)


def marker_of(followup: FollowUp) -> str:
    """By which the recording's note is found again, whoever wrote it."""
    return f"Seguito · recording {followup.recording_id} ·"


def text_of(order: ActionOrder) -> str:
    """The note as its owner left it."""
    return order.followup.draft.note.strip() if order.followup.draft else ""


def _stays(order: ActionOrder, crm: CrmPort) -> Phrase | None:
    if not _kept(order).ours:
        return NOT_OURS
    return None if crm.capabilities.can_undo_note else KEEPS


def _wish(order: ActionOrder) -> NoteWish:
    return NOTE_WISH.validate_json(order.wish) if order.wish else NoteWish()


def _kept(order: ActionOrder) -> NoteKept:
    return NOTE_KEPT.validate_json(order.effect) if order.effect else NoteKept()


def _dumped(kept: NoteKept) -> str:
    return NOTE_KEPT.dump_json(kept).decode()
