"""Members of a workspace: who they are and how they like things."""

from services.people.admins import WorkspaceAdmins
from services.people.members import LENGTHS, TONES, Member, Members, Preferences
