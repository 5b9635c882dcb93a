"""Who is asking: a member of one workspace."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in Slack; every query about meetings is scoped by both ids.

    Ids come from a verified Slack request, or from our own signed state, never from a form.
    """

    workspace_id: str
    member_id: str
    enterprise_id: str | None = None
