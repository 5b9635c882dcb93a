"""The verbs we need of Gmail and Google Calendar, through Google's API client."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from time import monotonic
from typing import TypeVar

import httplib2
import requests
from googleapiclient.discovery import Resource, build
from googleapiclient.errors import HttpError
from googleapiclient.http import HttpRequest

from integrations.errors import RefusedByVendor, Unreachable
from integrations.google.errors import NOT_FOUND, VENDOR, failure, no_answer
from integrations.google.types import MARKER_HEADER, MESSAGE_ID_DOMAIN, DraftReceipt
from integrations.http import (
    CallResult,
    ClientOptions,
    credential,
    in_thread,
    is_loopback,
    observed,
)
from integrations.json_fields import Record, record, records, text

T = TypeVar("T")
Call = Callable[[HttpRequest], Record]

DEADLINE = timedelta(seconds=30)
CONNECT = 5.0  # seconds
THREADS = 8
NEWEST = 25  # drafts looked through when the search by Message-ID finds nothing
EVENTS = 50


def mark(message: EmailMessage, marker: str) -> None:
    """Put on a message the two headers by which `find_draft` finds it."""
    message[MARKER_HEADER] = marker
    message["Message-ID"] = f"<{marker}@{MESSAGE_ID_DOMAIN}>"


class Google:
    """Writes drafts and reads the calendar with members' access tokens; `close()` it at the end.

    Base URLs without path: https://gmail.googleapis.com and https://www.googleapis.com. The verbs
    raise Unreachable, RateLimited, Refused (Google's `reason`) and AuthExpired, which here only
    says that the access token is not accepted: refresh it, and that will tell about the grant.
    """

    def __init__(
        self, gmail_url: str, calendar_url: str, *, options: ClientOptions | None = None
    ) -> None:
        options = options or ClientOptions()
        self._observe = options.observe
        self._deadline = options.deadline or DEADLINE
        self._trust_env = not is_loopback(gmail_url)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="google")
        gmail = _service("gmail", "v1", gmail_url)
        self._drafts = gmail.users().drafts()
        # For this API the endpoint has to include what discovery calls servicePath.
        root = f"{calendar_url.rstrip('/')}/calendar/v3/"
        self.calendar: Resource = _service("calendar", "v3", root)
        self._events = self.calendar.events()

    async def create_draft(
        self, access_token: str, message: EmailMessage, thread_id: str | None = None
    ) -> DraftReceipt:
        """A draft with exactly this message. Never sent twice by us: after Unreachable it may
        exist all the same, so look with `find_draft` before the next try.

        To join a thread, give its id and set In-Reply-To, References and the same subject.
        """
        body = {"message": _content(message, thread_id)}
        request = self._drafts.create(userId="me", body=body)
        answer = await self.execute("drafts.create", access_token, lambda call: call(request))
        return _receipt(answer)

    async def find_draft(self, access_token: str, marker: str) -> DraftReceipt | None:
        """The draft made with `mark(message, marker)`, or None.

        First by Message-ID; since Gmail may have rewritten that, and its index lags behind, then
        among the 25 newest drafts' headers.
        """

        def find(call: Call) -> DraftReceipt | None:
            seen: set[str] = set()
            for draft_id in self._candidates(call, marker):
                if draft_id in seen:
                    continue
                seen.add(draft_id)
                draft = self._headers_of(call, draft_id)
                if draft is not None and _carries(draft, marker):
                    return _receipt(draft)
            return None

        return await self.execute("drafts.find", access_token, find)

    async def read_draft(self, access_token: str, draft_id: str) -> EmailMessage | None:
        """What the draft holds now (`format=raw`); None when it was sent or discarded."""
        request = self._drafts.get(userId="me", id=draft_id, format="raw")
        try:
            answer = await self.execute("drafts.get", access_token, lambda call: call(request))
        except RefusedByVendor as refused:
            if refused.code != NOT_FOUND:
                raise
            return None
        raw = text(record(answer.get("message")), "raw")
        try:
            content = urlsafe_b64decode(raw + "=" * (-len(raw) % 4))
        except ValueError:
            raise RefusedByVendor(VENDOR, "malformed", "a draft without message") from None
        return message_from_bytes(content, _class=EmailMessage, policy=default)

    async def update_draft(
        self,
        access_token: str,
        draft_id: str,
        message: EmailMessage,
        thread_id: str | None = None,
    ) -> DraftReceipt:
        """Put this message in the place of the draft's; the same again changes nothing."""
        body = {"message": _content(message, thread_id)}
        request = self._drafts.update(userId="me", id=draft_id, body=body)
        answer = await self.execute("drafts.update", access_token, lambda call: call(request))
        return _receipt(answer)

    async def delete_draft(self, access_token: str, draft_id: str) -> None:
        """Delete for good; a draft that is gone already is fine."""
        request = self._drafts.delete(userId="me", id=draft_id)
        try:
            await self.execute("drafts.delete", access_token, lambda call: call(request))
        except RefusedByVendor as refused:
            if refused.code != NOT_FOUND:
                raise

    async def declined(
        self, access_token: str, *, start: datetime, end: datetime, emails: frozenset[str]
    ) -> frozenset[str]:
        """Those of `emails` who declined every event of that time they were invited to.

        Every one: who is invited to two meetings at once declines one and attends the other.
        All-day events do not count.
        """
        request = self._events.list(
            calendarId="primary",
            timeMin=start.astimezone(UTC).isoformat(),
            timeMax=end.astimezone(UTC).isoformat(),
            singleEvents=True,
            maxResults=EVENTS,
        )
        answer = await self.execute("events.list", access_token, lambda call: call(request))
        answers: dict[str, set[str]] = {}
        for event in records(answer.get("items")):
            if not text(record(event.get("start")), "dateTime"):
                continue
            for guest in records(event.get("attendees")):
                said = answers.setdefault(text(guest, "email").lower(), set())
                said.add(text(guest, "responseStatus"))
        return frozenset(email for email in emails if answers.get(email.lower()) == {"declined"})

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def execute(self, operation: str, access_token: str, work: Callable[[Call], T]) -> T:
        """Do one piece of work in a thread, with a connection of its own and one deadline.

        `operation` names it in logs and metrics; `work` is handed what makes a call.
        """
        token = credential(VENDOR, access_token)
        ends = monotonic() + self._deadline.total_seconds()

        def run() -> T:
            with _Wire(ends, self._trust_env, outcome) as wire:
                return work(lambda request: _call(wire, token, request))

        with observed(self._observe, VENDOR, operation) as outcome:
            return await in_thread(self._threads, run, VENDOR, self._deadline)

    def _candidates(self, call: Call, marker: str) -> Iterator[str]:
        query = f"rfc822msgid:{marker}@{MESSAGE_ID_DOMAIN}"
        for extra in ({"q": query}, {}):
            listed = call(self._drafts.list(userId="me", maxResults=NEWEST, **extra))
            for draft in records(listed.get("drafts")):
                yield text(draft, "id")

    def _headers_of(self, call: Call, draft_id: str) -> Record | None:
        try:
            return call(self._drafts.get(userId="me", id=draft_id, format="metadata"))
        except RefusedByVendor as refused:
            if refused.code == NOT_FOUND:  # deleted since it was listed
                return None
            raise


def _content(message: EmailMessage, thread_id: str | None) -> dict[str, str]:
    raw = urlsafe_b64encode(message.as_bytes(policy=SMTP)).decode()
    return {"raw": raw, "threadId": thread_id} if thread_id else {"raw": raw}


class _Wire:
    """The HTTP client handed to Google's library, instead of the httplib2 it comes with.

    httplib2 sends a request again when the reply gets lost, a POST as well: a second draft. This
    sends once, and knows when the whole piece of work has to be over.
    """

    def __init__(self, ends: float, trust_env: bool, outcome: CallResult) -> None:
        self._ends = ends
        self._outcome = outcome
        self._session = requests.Session()
        self._session.trust_env = trust_env
        self._session.auth = _leave_alone

    def __enter__(self) -> "_Wire":
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: dict[str, str] | None = None,
        **_: object,
    ) -> tuple[httplib2.Response, bytes]:
        """What googleapiclient calls: the head and the body of the answer."""
        left = self._ends - monotonic()
        if left <= 0:
            raise Unreachable(VENDOR, "no answer before the deadline")
        waits = (min(CONNECT, left), left)
        answer = self._session.request(
            method, uri, data=body, headers=headers, timeout=waits, allow_redirects=False
        )
        self._outcome.status = answer.status_code
        head = {**answer.headers, "status": str(answer.status_code), "reason": answer.reason}
        return httplib2.Response(head), answer.content


def _leave_alone(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps requests from putting a password out of ~/.netrc over our token."""
    return request


def _service(name: str, version: str, endpoint: str) -> Resource:
    """A client from the discovery document inside the library; nothing is asked of the network."""
    return build(
        name,
        version,
        http=httplib2.Http(),
        client_options={"api_endpoint": endpoint},
        static_discovery=True,
        cache_discovery=False,
    )


def _call(wire: _Wire, token: str, request: HttpRequest) -> Record:
    request.headers["authorization"] = f"Bearer {token}"
    try:
        answer = request.execute(http=wire, num_retries=0)
    except HttpError as error:
        raise failure(error) from None
    except requests.RequestException as error:
        raise no_answer(error) from None
    if not isinstance(answer, dict) and answer:
        raise Unreachable(VENDOR, "the answer is not JSON")
    return record(answer)


def _carries(draft: Record, marker: str) -> bool:
    payload = record(record(draft.get("message")).get("payload"))
    message_id = f"<{marker}@{MESSAGE_ID_DOMAIN}>"
    wanted = {MARKER_HEADER.lower(): marker, "message-id": message_id}
    return any(
        wanted.get(text(header, "name").lower()) == text(header, "value")
        for header in records(payload.get("headers"))
        if text(header, "value")
    )


def _receipt(draft: Record) -> DraftReceipt:
    message = record(draft.get("message"))
    draft_id, message_id = text(draft, "id"), text(message, "id")
    if not draft_id:
        raise RefusedByVendor(VENDOR, "malformed", "a draft without id")
    return DraftReceipt(draft_id, message_id, text(message, "threadId"))
