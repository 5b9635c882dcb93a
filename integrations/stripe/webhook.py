"""Stripe's signature over a webhook's raw bytes (contract C.5), and the envelope inside."""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

import orjson

from integrations.errors import RefusedByVendor
from integrations.json_fields import Record, document, flag, record, text
from integrations.stripe.errors import VENDOR
from integrations.stripe.records import at
from integrations.stripe.types import WebhookEvent

HEADER = "Stripe-Signature"
SCHEME = "v1"
TOLERANCE = timedelta(minutes=5)  # the library's own, here in both directions
MOST_PARTS = 20


class BadSignature(Exception):
    """Not signed with any of our secrets, or too long ago; says which, for our log."""


def verify(body: bytes, header: str, secrets: Iterable[str], now: datetime) -> None:
    """BadSignature unless one of the active secrets signed these very bytes lately.

    During a rotation Stripe signs with each active secret and we know several, so any fits any.
    """
    stamp, signatures = _parts(header)
    signed = str(stamp).encode() + b"." + body
    fits = False
    for secret in secrets:
        expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest().encode()
        # Every pair is compared: how long it takes tells nothing.
        for given in signatures:
            fits = hmac.compare_digest(expected, given.encode()) or fits
    if not fits:
        raise BadSignature("no signature fits")
    if abs(now.timestamp() - stamp) > TOLERANCE.total_seconds():
        raise BadSignature("signed too long ago")


def read_event(body: bytes) -> WebhookEvent:
    """The envelope of a verified body. RefusedByVendor `malformed` when it is no event."""
    return event_of(document(VENDOR, body))


def event_of(said: Record) -> WebhookEvent:
    """The envelope, from a webhook or from `GET /v1/events`."""
    inside, created = record(record(said.get("data")).get("object")), at(said, "created")
    if text(said, "object") != "event" or not text(said, "id") or created is None:
        raise RefusedByVendor(VENDOR, "malformed", "not an event")
    return WebhookEvent(
        id=text(said, "id"),
        type=text(said, "type"),
        created_at=created,
        livemode=flag(said, "livemode"),
        account=text(said, "account"),
        api_version=text(said, "api_version"),
        object=orjson.dumps(inside, default=str).decode(),
    )


def _parts(header: str) -> tuple[int, tuple[str, ...]]:
    pairs = [part.strip().partition("=") for part in header.split(",")[:MOST_PARTS]]
    stamps = [value for name, _, value in pairs if name == "t" and value.isdecimal()]
    signatures = tuple(value for name, _, value in pairs if name == SCHEME and value.isascii())
    if not stamps or len(stamps[0]) > MOST_PARTS or not signatures:
        raise BadSignature("no time or no signature in the header")
    return int(stamps[0]), signatures
