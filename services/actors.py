"""Who is asking: a member of one workspace, or whoever runs the business."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in Slack; every query about meetings is scoped by both ids.

    Ids come from a verified Slack request, or from our own signed state, never from a form.
    """

    workspace_id: str
    member_id: str
    enterprise_id: str | None = None
    # Where in an organisation that is one workspace they are now; "" outside a request.
    team_id: str = ""


@dataclass(frozen=True, slots=True)
class Operator:
    """Who did a thing that is written into the audit log.

    `kind` is `slack` (an ops admin), `admin` (a local one), `admin_key`, `license` (its holder),
    `timer` or `command`;
    `id` names it within its kind, as verified at the door; `name` is for people to read. `request`
    is their own word for what they ask now: a change is made once for each such word.
    """

    kind: str
    id: str
    name: str = ""
    request: str = ""


TIMER = Operator("timer", "clock")
