"""What a template makes of a meeting of one's own: a real draft that is shown and not kept."""

from dataclasses import dataclass

from services.actors import Actor
from services.errors import DomainError
from services.followups.author import PREVIEW
from services.followups.composing import Composer, DraftOrder
from services.followups.drafts import Draft, Options
from services.followups.sources import Sources
from services.followups.templates import NewTemplate, checked_template
from services.meetings import Meeting, MeetingPage
from services.phrases import Phrase

SILENT = Phrase(
    "There is no transcript of this meeting yet. Choose another one.",
    "Di questa riunione non c’è ancora la trascrizione. Scegline un’altra.",
)


@dataclass(frozen=True, slots=True)
class PreviewedTemplate:
    """The draft, and the meeting that it is of."""

    meeting: Meeting
    draft: Draft


class TemplatePreviews:
    """Writes previews; each is a call of the model, and counts in the budget."""

    def __init__(self, sources: Sources, composer: Composer) -> None:
        self._sources = sources
        self._composer = composer

    async def meetings(self, actor: Actor) -> MeetingPage:
        """The member's newest meetings; raises Disconnected, Temporary."""
        return await self._sources.meetings.recent(actor)

    async def write(
        self, actor: Actor, template: NewTemplate, recording_id: int
    ) -> PreviewedTemplate:
        """A draft to the guests from outside, by the member's defaults and this outline.

        What the CRM knows is left out. Raises Invalid, BudgetSpent, Temporary, DomainError.
        """
        outline = checked_template(template).outline
        meeting = await self._sources.meetings.find(actor, recording_id)
        if not await self._sources.meetings.spoken(actor, recording_id):
            raise DomainError(SILENT)
        likes = (await self._sources.members.who(actor)).preferences
        options = Options(
            language=likes.language,
            tone=likes.tone,
            length=likes.length,
            template=outline,
            to=tuple(one.email for one in meeting.guests if one.is_external and one.email),
        )
        asked = DraftOrder(recording_id, options, purpose=PREVIEW)
        draft, _ = await self._composer.compose(actor, asked)
        return PreviewedTemplate(meeting, draft)
