"""One draft from one meeting, as a member wants it: the question to the model, and its answer."""

from dataclasses import dataclass, replace

from services.actors import Actor
from services.followups.author import DRAFT, PaidAuthor, Spent
from services.followups.drafts import Draft, Options, note_text
from services.followups.prompting import document, request
from services.followups.sources import Sources
from services.followups.written import to_draft
from services.habits import once
from services.meetings import Meeting
from services.phrases import language_of


@dataclass(frozen=True, slots=True)
class DraftOrder:
    """What is to be written: of which meeting, how, with what the CRM knows (`facts`).

    `previous` is the draft that the `instruction` changes; `purpose` is what the call counts as.
    """

    recording_id: int
    options: Options
    facts: str = ""
    instruction: str = ""
    previous: Draft | None = None
    purpose: str = DRAFT


class Composer:
    """Asks for drafts."""

    def __init__(self, sources: Sources, author: PaidAuthor) -> None:
        self._sources = sources
        self._author = author

    async def compose(self, actor: Actor, asked: DraftOrder) -> tuple[Draft, Spent]:
        """One draft; raises BudgetSpent, Temporary or DomainError."""
        member = await self._sources.members.who(actor)
        meeting = await self._sources.meetings.find(actor, asked.recording_id)
        spoken = await self._sources.meetings.spoken(actor, asked.recording_id)
        rules = await self._sources.habits.rules(actor)
        wishes = request(
            asked.options,
            meeting.guests,
            sender=member.name,
            instruction=asked.instruction,
            previous=asked.previous,
            rules=rules,
        )
        material = document(meeting, spoken, asked.facts, member.zone)
        written, spent = await self._author.write(actor, material, wishes, purpose=asked.purpose)
        # Whoever asks for a change may ask for the title as well.
        draft = to_draft(
            written,
            lines=len(spoken),
            zone=member.zone,
            title="" if asked.instruction else meeting.title,
            language=written_in(asked.options, meeting),
        )
        body = once(draft.body, asked.options.template, member.signature)
        return replace(draft, body=body, note=note_text(draft.crm_note, member.language)), spent


def written_in(options: Options, meeting: Meeting) -> str:
    """The language of the e-mail, "en" or "it"."""
    return language_of(options.language or meeting.language)
