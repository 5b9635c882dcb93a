"""The options of a follow-up that nobody was asked about: as the form would have them ticked."""

from services.followups.drafts import MAX_RECIPIENTS, Options
from services.meetings import Meeting
from services.people import Member


def usual_options(member: Member, meeting: Meeting, declined: frozenset[str]) -> Options:
    """The member's defaults; to guests from outside who did not decline, never to the member."""
    left_out = declined | member.addresses
    guests = (guest.email for guest in meeting.guests if guest.is_external and guest.email)
    to = tuple(dict.fromkeys(address for address in guests if address not in left_out))
    likes = member.preferences
    return Options(
        language=likes.language, tone=likes.tone, length=likes.length, to=to[:MAX_RECIPIENTS]
    )
