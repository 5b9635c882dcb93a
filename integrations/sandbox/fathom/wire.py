"""Fathom's JSON: meetings, transcripts and pages out, queries and webhook bodies in."""

import base64
import binascii
import json
import secrets
from collections.abc import Iterable, Sequence, Set
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from integrations.sandbox.kit.world import Guest, Line, Meeting

PAGE = 10  # the vendor's page; there is no parameter for it (contract A4)
DOMAIN_TYPES = ("all", "only_internal", "one_or_more_external")


def refused(status: int, message: str) -> web.HTTPException:
    """A refusal; the body's shape is not documented, so it is plain."""
    kinds: dict[int, type[web.HTTPException]] = {
        400: web.HTTPBadRequest,
        401: web.HTTPUnauthorized,
        403: web.HTTPForbidden,
        404: web.HTTPNotFound,
        429: web.HTTPTooManyRequests,
    }
    return kinds[status](text=json.dumps({"error": message}), content_type="application/json")


def only_known(request: web.Request, names: Set[str]) -> None:
    """Refuses a query parameter the vendor does not know, so that typos are seen."""
    unknown = set(request.query) - names
    if unknown:
        raise refused(400, f"unknown parameter {sorted(unknown)[0]}")


def read_flag(request: web.Request, name: str) -> bool:
    """A boolean of the query, false when absent."""
    value = request.query.get(name, "false")
    if value not in ("true", "false"):
        raise refused(400, f"{name} must be true or false")
    return value == "true"


def matching(request: web.Request, meetings: Iterable[Meeting]) -> list[Meeting]:
    """The meetings that every filter of the query lets pass."""
    query = request.query
    kind = query.get("calendar_invitees_domains_type", "all")
    if kind not in DOMAIN_TYPES:
        raise refused(400, "unknown calendar_invitees_domains_type")
    after, before = (_time(request, f"created_{side}") for side in ("after", "before"))
    domains = {domain.lower() for domain in query.getall("calendar_invitees_domains[]", [])}
    recorders = {email.lower() for email in query.getall("recorded_by[]", [])}
    teams = set(query.getall("teams[]", []))
    wanted = query.get("meeting_type")
    return [
        m
        for m in meetings
        if (after is None or m.created_at > after)
        and (before is None or m.created_at < before)
        and (not domains or domains & {g.domain for g in m.guests})
        and (not recorders or m.owner.email in recorders)
        and (not teams or m.owner.team in teams)
        and wanted in (None, m.meeting_type)
        and kind in ("all", _domains_type(m))
    ]


def page_of(meetings: Sequence[Meeting], cursor: str | None) -> tuple[list[Meeting], str | None]:
    """One page and the cursor of the next; a meeting recorded meanwhile moves nothing."""
    if cursor is not None:
        mark = _mark(cursor)
        meetings = [m for m in meetings if (stamp(m.created_at), m.recording_id) < mark]
    page = list(meetings[:PAGE])
    if len(meetings) <= PAGE:
        return page, None
    last = page[-1]
    raw = json.dumps([stamp(last.created_at), last.recording_id]).encode()
    return page, base64.urlsafe_b64encode(raw).decode()


def meeting_json(meeting: Meeting, flags: Set[str] = frozenset()) -> dict[str, Any]:
    """A Meeting object; what was not asked for is left out."""
    document: dict[str, Any] = {
        "title": meeting.title,
        "meeting_title": meeting.calendar_title,
        "meeting_type": meeting.meeting_type,
        "recording_id": meeting.recording_id,
        "url": f"https://fathom.video/calls/{meeting.recording_id}",
        "share_url": f"https://fathom.video/share/{_share_token(meeting)}",
        "created_at": stamp(meeting.created_at),
        "scheduled_start_time": stamp(meeting.started_at.replace(second=0)),
        "scheduled_end_time": stamp(meeting.ended_at.replace(second=0) + timedelta(minutes=1)),
        "recording_start_time": stamp(meeting.started_at),
        "recording_end_time": stamp(meeting.ended_at),
        "calendar_invitees_domains_type": _domains_type(meeting),
        "shared_with": meeting.shared_with,
        "transcript_language": meeting.language,
        "calendar_invitees": [_invitee_json(meeting, guest) for guest in meeting.guests],
        "recorded_by": {
            "name": meeting.owner.real_name,
            "email": meeting.owner.email,
            "email_domain": meeting.owner.email.rpartition("@")[2],
            "team": meeting.owner.team,
        },
    }
    extras: dict[str, tuple[str, object]] = {
        "include_transcript": ("transcript", transcript_json(meeting)),
        "include_summary": ("default_summary", summary_json(meeting)),
        "include_action_items": ("action_items", []),
        "include_highlights": ("highlights", []),
        "include_crm_matches": ("crm_matches", {"error": "No CRM connected"}),
    }
    document.update(extras[flag] for flag in sorted(flags))
    return document


def transcript_json(meeting: Meeting) -> list[dict[str, Any]]:
    """The transcript as TranscriptItem objects."""
    return [_line_json(line) for line in meeting.lines]


def summary_json(meeting: Meeting) -> dict[str, str] | None:
    """The default summary, or None while Fathom has none."""
    if meeting.summary is None:
        return None
    return {"template_name": "General", "markdown_formatted": meeting.summary}


def callback(request: web.Request) -> web.Response | None:
    """With `destination_url` the call is only accepted; the result would be posted there."""
    url = request.query.get("destination_url")
    if url is None:
        return None
    if not url.startswith(("http://", "https://")):
        raise refused(400, "destination_url must be a URL")
    return web.json_response({"destination_url": url})


def directory(items: list[dict[str, Any]]) -> web.Response:
    """A list of teams, members or types; the cast is small, so there is one page."""
    return web.json_response({"limit": 100, "next_cursor": None, "items": items})


async def read_body(request: web.Request) -> dict[str, Any]:
    """The JSON object of a write."""
    try:
        body = await request.json()
    except ValueError:
        raise refused(400, "the body is not JSON") from None
    if not isinstance(body, dict):
        raise refused(400, "the body must be an object")
    return body


def check_webhook(body: dict[str, Any], flags: Sequence[str], triggers: Set[str]) -> None:
    """Refuses a webhook the vendor would refuse (contract A8)."""
    unknown = set(body) - {"destination_url", "triggered_for", *flags}
    if unknown:
        raise refused(400, f"unknown field {sorted(unknown)[0]}")
    if not str(body.get("destination_url", "")).startswith(("http://", "https://")):
        raise refused(400, "destination_url is required")
    chosen = body.get("triggered_for")
    if not isinstance(chosen, list) or not chosen or not set(chosen) <= triggers:
        raise refused(400, "triggered_for needs at least one known trigger")
    if not any(body.get(name) is True for name in flags):
        raise refused(400, "at least one include must be true")


def base64_secret() -> str:
    """The part of a webhook's secret after `whsec_`."""
    return base64.b64encode(secrets.token_bytes(24)).decode()


def stamp(moment: datetime) -> str:
    """A date-time as Fathom writes it: UTC, seconds, Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _time(request: web.Request, name: str) -> datetime | None:
    text = request.query.get(name)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise refused(400, f"{name} must be an ISO-8601 time") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _mark(cursor: str) -> tuple[str, int]:
    try:
        created, recording_id = json.loads(base64.urlsafe_b64decode(cursor))
        return str(created), int(recording_id)
    except (ValueError, TypeError, binascii.Error):
        raise refused(400, "invalid cursor") from None


def _share_token(meeting: Meeting) -> str:
    raw = f"sandbox-{meeting.recording_id}".encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _domains_type(meeting: Meeting) -> str:
    return "one_or_more_external" if meeting.is_external else "only_internal"


def _invitee_json(meeting: Meeting, guest: Guest) -> dict[str, Any]:
    speakers = {line.speaker for line in meeting.lines}
    return {
        "name": guest.name,
        "email": guest.email,
        "email_domain": guest.domain,
        "is_external": guest.is_external,
        "matched_speaker_display_name": guest.name if guest.name in speakers else None,
    }


def _line_json(line: Line) -> dict[str, Any]:
    hours, rest = divmod(int(line.at.total_seconds()), 3600)
    minutes, seconds = divmod(rest, 60)
    return {
        "speaker": {
            "display_name": line.speaker,
            "matched_calendar_invitee_email": line.email,
        },
        "text": line.text,
        "timestamp": f"{hours:02}:{minutes:02}:{seconds:02}",
    }
