"""Recorded meetings: the index of them, and what was said."""

from services.meetings.history import Guest
from services.meetings.meetings import SHOWS, Meeting, MeetingPage, Meetings, Spoken
from services.meetings.reading import refusal
