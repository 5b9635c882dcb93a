"""Fathom's webhook on the wire: is it signed for us, is it fresh, and which recording it brings.

A body is a Meeting object without an envelope, signed by Standard Webhooks (contract A8).
"""

from collections.abc import Mapping

import orjson
from standardwebhooks import Webhook, WebhookVerificationError

from integrations.fathom.objects import read_lines, read_recording
from integrations.fathom.types import Arrived
from integrations.json_fields import record, records

DELIVERY_ID = "webhook-id"
HEADERS = (DELIVERY_ID, "webhook-timestamp", "webhook-signature")
MAX_ID = 200
OLD = "Message timestamp too "


class BadDelivery(Exception):
    """It is not Fathom's, or not now: `reason` is `missing`, `old` or `wrong`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def verify(raw: bytes, headers: Mapping[str, str], secret: str) -> str:
    """The delivery's id, the same in each repeat; nothing is parsed.

    Raises BadDelivery unless `secret` signed these bytes within five minutes.
    """
    given = {name: headers.get(name, "") for name in HEADERS}
    if not all(given.values()) or len(given[DELIVERY_ID]) > MAX_ID:
        raise BadDelivery("missing")
    try:
        Webhook(secret).verify(raw, given, json_parse=False)
    except WebhookVerificationError as error:
        raise BadDelivery("old" if str(error).startswith(OLD) else "wrong") from error
    except ValueError as error:
        # Signatures without a version or no base64, a body that is no UTF-8.
        raise BadDelivery("wrong") from error
    return given[DELIVERY_ID]


def read_delivery(raw: bytes) -> Arrived | None:
    """The recording in a body whose signature is good; None when it is no Meeting object."""
    try:
        body = record(orjson.loads(raw))
    except orjson.JSONDecodeError:
        return None
    recording = read_recording(body)
    return Arrived(recording, read_lines(records(body.get("transcript")))) if recording else None
