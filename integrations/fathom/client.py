"""The verbs we need of Fathom's external API v1 (developers.fathom.ai)."""

from datetime import UTC, datetime
from operator import attrgetter
from urllib.parse import quote

import httpx

from integrations.errors import RefusedByVendor
from integrations.fathom.errors import VENDOR, check
from integrations.fathom.objects import read_lines, read_recording
from integrations.fathom.types import NewHook, RecordingPage, TranscriptLine
from integrations.http import credential
from integrations.json_fields import Record, document, record, records, text

# Whose recordings a webhook tells of: all that its owner may see (contract A8).
TRIGGERS = (
    "my_recordings",
    "my_shared_with_team_recordings",
    "shared_team_recordings",
    "shared_external_recordings",
)
INCLUDED = ("include_action_items", "include_summary", "include_transcript")


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
        found = [
            meeting for item in records(answer.get("items")) if (meeting := read_recording(item))
        ]
        found.sort(key=attrgetter("created_at"), reverse=True)
        return RecordingPage(tuple(found), text(answer, "next_cursor") or None)

    async def transcript(self, key: str, recording_id: int) -> tuple[TranscriptLine, ...]:
        """Everything said, in the order of time; empty while Fathom has nothing yet.

        Counts against Fathom's heavy limit of 30 a minute, which may fall to 5.
        """
        path = f"/recordings/{recording_id}/transcript"
        answer = await self._get(key, "transcript", path, {})
        return read_lines(records(answer.get("transcript")))

    async def summary(self, key: str, recording_id: int) -> str | None:
        """Fathom's own summary in Markdown (always English), or None; same limit as transcript."""
        path = f"/recordings/{recording_id}/summary"
        answer = await self._get(key, "summary", path, {})
        return text(record(answer.get("summary")), "markdown_formatted") or None

    async def create_webhook(self, key: str, address: str) -> NewHook:
        """Have Fathom post each recording of the key's owner, and those shared with them, there.

        Not idempotent: a reply that is lost leaves a webhook that nobody knows the secret of.
        """
        wanted = {"destination_url": address, "triggered_for": list(TRIGGERS)}
        response = await self._http.post(
            "/webhooks",
            json=wanted | dict.fromkeys(INCLUDED, True),
            headers={"X-Api-Key": credential(VENDOR, key)},
            extensions={"operation": "create_webhook"},
        )
        check(response)
        answer = document(VENDOR, response.content)
        made = NewHook(text(answer, "id"), text(answer, "secret"))
        if not made.id or not made.secret:
            raise RefusedByVendor(VENDOR, "bad_answer")
        return made

    async def delete_webhook(self, key: str, hook_id: str) -> None:
        """Delete it; one that is gone, or another owner's, is deleted enough."""
        response = await self._http.delete(
            f"/webhooks/{quote(hook_id, safe='')}",
            headers={"X-Api-Key": credential(VENDOR, key)},
            extensions={"operation": "delete_webhook"},
        )
        if response.status_code != httpx.codes.NOT_FOUND:
            check(response)

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
