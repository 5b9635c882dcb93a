"""What follow-ups are made from: the meetings, the people, and what is known of whom they met."""

from dataclasses import dataclass

from integrations.fathom.client import Fathom
from services.budgets import ModelCalls
from services.connections import Connections
from services.crm import Crm, CrmAccess, Matching
from services.habits import Habits
from services.meetings import Meetings
from services.people import Members


@dataclass(frozen=True, slots=True)
class Sources:
    """All of them read for one member at a time.

    `calls` says whether the model may be asked, `habits` what a member wants of every e-mail.
    """

    meetings: Meetings
    members: Members
    connections: Connections
    crm_access: CrmAccess
    crm: Crm
    matching: Matching
    fathom: Fathom
    calls: ModelCalls
    habits: Habits
