"""Recorded meetings: the index of them, transcripts from files, and what was said."""

from services.meetings.files import FileEntry, TranscriptFile
from services.meetings.history import Guest
from services.meetings.meetings import SHOWS, Meeting, MeetingPage, Meetings, meeting_of
from services.meetings.reading import MAX_BYTES, refusal, too_large
from services.meetings.speakers import FileSpeaker, SpeakerDoubt
from services.meetings.spoken import Spoken
