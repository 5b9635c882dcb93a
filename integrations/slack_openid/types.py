"""Who signed in, as Slack's id_token says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SlackIdentity:
    """A member of a workspace; `name` is for people to read, never to decide by."""

    team_id: str
    user_id: str
    name: str
