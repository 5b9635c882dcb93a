"""Members of a workspace: who they are and how they like things."""

from services.people.members import LENGTHS, TONES, Member, Members, Preferences
