"""A follow-up as the evidence gate reads it: what may support its draft, and what it says."""

from services.evidence import (
    BODY,
    ITEMS,
    NEXT,
    NOTE,
    SUBJECT,
    SUMMARY,
    DraftPart,
    HeardLine,
    Hint,
    Material,
)
from services.followups.drafts import Draft, Options
from services.meetings import Meeting, Spoken
from services.people import Member


def material(
    meeting: Meeting,
    spoken: tuple[Spoken, ...],
    member: Member,
    *,
    options: Options,
    facts: str,
    wished: tuple[str, ...] = (),
) -> Material:
    """All that may support a draft; `wished` are the sender's instructions so far."""
    guests = tuple(guest for guest in (meeting.recorder, *meeting.guests) if guest.name)
    own = (options.context, options.template, member.signature, *wished)
    addresses = (*options.to, *options.cc, *(guest.email for guest in meeting.guests))
    return Material(
        lines=tuple(HeardLine(line.number, line.speaker, line.text) for line in spoken),
        held=meeting.started_at.astimezone(member.zone).date(),
        language=meeting.language,
        sender=member.name,
        people=tuple(dict.fromkeys(guest.name for guest in guests)),
        insiders=tuple(dict.fromkeys(guest.name for guest in guests if not guest.is_external)),
        facts=tuple(filter(None, facts.splitlines())),
        header=(meeting.title, *filter(None, addresses)),
        own=tuple(dict.fromkeys(filter(None, own))),
    )


def passages(draft: Draft) -> tuple[DraftPart, ...]:
    """The draft, part by part, as it is audited."""
    hints = tuple(Hint(one.text, one.lines) for one in draft.evidence)
    found = [
        DraftPart(SUBJECT, draft.subject, hints),
        DraftPart(BODY, draft.body, hints),
        DraftPart(SUMMARY, draft.summary, hints),
        DraftPart(NOTE, draft.note, hints),
    ]
    for item in draft.action_items:
        cited = (Hint(item.text, item.lines),)
        found.append(DraftPart(ITEMS, item.text, cited, item.owner, item.due))
    if (meeting := draft.next_meeting) is not None:
        text = meeting.topic or meeting.starts_at
        cited = (Hint(text, meeting.lines),)
        found.append(DraftPart(NEXT, text, cited, day=meeting.starts_at))
    return tuple(found)
