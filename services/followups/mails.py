"""What a member's Google grant is used for beside the draft: who declined, and going on after
Gmail was connected."""

import asyncio
from contextlib import suppress

from services.actors import Actor
from services.errors import (
    Conflict,
    Disconnected,
    DomainError,
    NotFound,
    translate_vendor_errors,
)
from services.followups.acting import Actions
from services.followups.display import FollowUpDisplay
from services.followups.gmail_draft import Mailbox
from services.followups.progress import GMAIL
from services.meetings import Meeting
from services.people import Members
from services.phrases import Phrase

# Options open while the person waits; without an answer nobody is left out.
CALENDAR_SECONDS = 1.5

RIGHT_MAILBOX = Phrase(
    "{warnings} If drafts may go there, press Create Gmail draft.",
    "{warnings} Se le bozze possono andare lì, premi Crea bozza Gmail.",
)


class Mails:
    """Goes on with drafts that waited for Gmail, and knows which guests declined."""

    def __init__(
        self, mailbox: Mailbox, actions: Actions, members: Members, display: FollowUpDisplay
    ) -> None:
        self._gmail = mailbox.gmail
        self._google = mailbox.google
        self._actions = actions
        self._members = members
        self._display = display

    async def resume(self, workspace_id: str, member_id: str, followup_id: str) -> None:
        """A link was used: go on with the draft that waited for it, if Gmail is connected now.

        Into a mailbox that may be the wrong one it goes only after another click.
        """
        actor = Actor(workspace_id, member_id)
        with suppress(Conflict, Disconnected, NotFound):  # it changed meanwhile
            account = await self._gmail.account(actor)
            language = (await self._members.who(actor)).language
            if warnings := account.warnings(language):
                problem = RIGHT_MAILBOX(language, warnings=" ".join(warnings))
                await self._actions.hold_back(actor, followup_id, GMAIL, problem)
            else:
                await self._actions.request(actor, followup_id, {GMAIL: None})
        await self._display.present(followup_id)

    async def declined(self, actor: Actor, meeting: Meeting) -> frozenset[str]:
        """Addresses of guests who declined, as the member's calendar has it; empty if unknown."""
        emails = frozenset(guest.email for guest in meeting.guests if guest.email)
        try:
            async with asyncio.timeout(CALENDAR_SECONDS):
                access = await self._gmail.access(actor)
                with translate_vendor_errors("Google"):
                    return await self._google.declined(
                        access.token, start=meeting.started_at, end=meeting.ended_at, emails=emails
                    )
        except (DomainError, TimeoutError):
            return frozenset()
