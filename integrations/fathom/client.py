"""The verbs we need of Fathom's external API v1 (developers.fathom.ai)."""

import re
from datetime import UTC, datetime, timedelta
from operator import attrgetter

import httpx

from integrations.fathom.errors import VENDOR, check
from integrations.fathom.types import Invitee, Recording, RecordingPage, TranscriptLine
from integrations.http import credential
from integrations.json_fields import Record, document, flag, moment, record, records, text, whole

TIMESTAMP = re.compile(r"(?:(\d{1,6}):)?(\d{1,6}):(\d{1,2})(?:\.\d+)?")  # HH:MM:SS, hours optional


class Fathom:
    """Reads what one key may see: its owner's recordings and those shared with their teams.

    Takes a client made by `integrations.http.client`, whose base URL ends in /external/v1. Every
    call raises Unreachable, RateLimited, AuthExpired or Refused.
    """

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def check_key(self, key: str) -> None:
        """Return when Fathom accepts the key; AuthExpired when it does not."""
        await self._get(key, "check_key", "/meetings", {"created_after": _iso(datetime.now(UTC))})

    async def meetings(
        self,
        key: str,
        *,
        created_after: datetime | None = None,
        created_before: datetime | None = None,
        cursor: str | None = None,
    ) -> RecordingPage:
        """One page of meetings (Fathom decides how many), newest first within the page.

        That pages follow each other from new to old is not documented. A meeting without id or any
        time is left out.
        """
        query = {
            "created_after": _iso(created_after),
            "created_before": _iso(created_before),
            "cursor": cursor or "",
        }
        answer = await self._get(key, "meetings", "/meetings", query)
        found = [meeting for item in records(answer.get("items")) if (meeting := _meeting(item))]
        found.sort(key=attrgetter("created_at"), reverse=True)
        return RecordingPage(tuple(found), text(answer, "next_cursor") or None)

    async def transcript(self, key: str, recording_id: int) -> tuple[TranscriptLine, ...]:
        """Everything said, in the order of time; empty while Fathom has nothing yet.

        Counts against Fathom's heavy limit of 30 a minute, which may fall to 5.
        """
        path = f"/recordings/{recording_id}/transcript"
        answer = await self._get(key, "transcript", path, {})
        return _lines(records(answer.get("transcript")))

    async def summary(self, key: str, recording_id: int) -> str | None:
        """Fathom's own summary in Markdown (always English), or None; same limit as transcript."""
        path = f"/recordings/{recording_id}/summary"
        answer = await self._get(key, "summary", path, {})
        return text(record(answer.get("summary")), "markdown_formatted") or None

    async def _get(self, key: str, operation: str, path: str, query: dict[str, str]) -> Record:
        response = await self._http.get(
            path,
            params={name: value for name, value in query.items() if value},
            headers={"X-Api-Key": credential(VENDOR, key)},
            extensions={"operation": operation},
        )
        check(response)
        return document(VENDOR, response.content)


def _iso(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else ""


def _meeting(item: Record) -> Recording | None:
    recording_id = whole(item, "recording_id")
    started = moment(item, "recording_start_time", "scheduled_start_time", "created_at")
    if recording_id is None or started is None:
        return None
    ended = moment(item, "recording_end_time", "scheduled_end_time") or started
    return Recording(
        recording_id=recording_id,
        title=text(item, "title", "meeting_title"),
        url=text(item, "url"),
        share_url=text(item, "share_url"),
        created_at=moment(item, "created_at") or ended,
        started_at=started,
        ended_at=max(started, ended),
        language=text(item, "transcript_language"),
        invitees=tuple(_invitee(row) for row in records(item.get("calendar_invitees"))),
        recorded_by=_invitee(record(item.get("recorded_by"))),
        shared=text(item, "shared_with") not in ("", "no_teams"),
    )


def _invitee(row: Record) -> Invitee:
    name = text(row, "name", "matched_speaker_display_name")
    return Invitee(name, text(row, "email").lower(), flag(row, "is_external"))


def _lines(items: tuple[Record, ...]) -> tuple[TranscriptLine, ...]:
    lines = []
    at = timedelta(0)
    for item in items:
        speaker = record(item.get("speaker"))
        at = _offset(text(item, "timestamp"), otherwise=at)
        email = text(speaker, "matched_calendar_invitee_email").lower()
        lines.append(TranscriptLine(text(speaker, "display_name"), email, text(item, "text"), at))
    return tuple(sorted(lines, key=attrgetter("at")))


def _offset(timestamp: str, *, otherwise: timedelta) -> timedelta:
    match = TIMESTAMP.fullmatch(timestamp)
    if match is None:
        return otherwise
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)
