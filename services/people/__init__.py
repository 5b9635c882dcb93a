"""Members of a workspace: who they are and how they like things."""

from services.people.admins import WorkspaceAdmins
from services.people.members import (
    ASK,
    AUTO_STARTS,
    DRAFT,
    EXTERNAL,
    LENGTHS,
    OFF,
    TONES,
    Member,
    Members,
    Preferences,
    quiet_until,
)
from services.people.quiet import QuietHours
from services.people.zones import zones_like
