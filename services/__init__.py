"""The product: what can be done, whoever asks and however it is shown."""

from dataclasses import dataclass

from services.checkups import Checkups
from services.connections import Connections
from services.followups import FollowUps
from services.gmail import Gmail
from services.mails import Mails
from services.meetings import Meetings
from services.members import Members
from services.templates import Templates
from services.writing import Writing


@dataclass(frozen=True, slots=True)
class Services:
    """Everything the doors may call."""

    members: Members
    connections: Connections
    checkups: Checkups
    gmail: Gmail
    meetings: Meetings
    followups: FollowUps
    writing: Writing
    mails: Mails
    templates: Templates
