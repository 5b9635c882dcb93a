"""Habits: what a member's own edits of drafts show, as named rules that they accept or delete."""

from services.habits.habits import Habits, HabitsSeen
from services.habits.letters import once, unsigned
from services.habits.rules import FEWEST_DRAFTS, LENGTH, LINE, Edit, Example, Habit, habits
