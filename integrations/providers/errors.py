"""The providers' failures as ours, and what of their words may be shown."""

import re
from collections.abc import Mapping

import orjson

from integrations.errors import (
    AuthExpired,
    IntegrationError,
    RateLimited,
    RefusedByVendor,
    Unreachable,
)
from integrations.http import USUAL_WAIT, retry_after
from integrations.json_fields import Record, record, text

LONGEST_SENTENCE = 300
NO_SENTENCE = "The provider cannot work with this request."
# The request itself is wrong; another provider would hardly like it better.
WRONG_REQUEST = frozenset({400, 404, 405, 413, 415, 422})
# Keys, accounts and addresses: whose they are is nobody's business at the other end.
PRIVATE = re.compile(
    r"https?://\S+|\b(?:sk|org|proj|req|key|user|asst|acct|rk|pk)[-_][\w*.-]{4,}|\S+@\S+\.\S+"
)
# A cap on our account: waiting for a moment does not help.
SPENT = re.compile(r"insufficient_quota|spend_limit|billing|organization_on_hold|balance")


class TimedOut(Unreachable):
    """The provider took longer than we wait."""


class BrokeOff(Unreachable):
    """The answer began and did not end."""


def failure(
    provider: str, status: int, headers: Mapping[str, str], body: bytes
) -> IntegrationError:
    """Which of our kinds an answer with this status is; Refused carries a cleaned sentence."""
    error = _error(body)
    word = text(record(error.get("details")), "error_code") or text(error, "code", "type")
    detail = f"{status} {word}"[:LONGEST_SENTENCE]
    if status in (401, 402, 403):
        return AuthExpired(provider, detail)
    if status == 429 and SPENT.search(word):
        return AuthExpired(provider, detail)
    if status == 429:
        return RateLimited(provider, retry_after(headers) or USUAL_WAIT, detail)
    if status in (408, 504):
        return TimedOut(provider, detail)
    if status in WRONG_REQUEST:
        return RefusedByVendor(provider, cleaned(text(error, "message")), detail)
    return Unreachable(provider, detail)


def cleaned(sentence: str) -> str:
    """A provider's sentence without keys, accounts and addresses, on one line of 300 characters."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in sentence).split())
    return PRIVATE.sub("…", plain)[:LONGEST_SENTENCE] or NO_SENTENCE


def _error(body: bytes) -> Record:
    try:
        return record(record(orjson.loads(body)).get("error"))
    except orjson.JSONDecodeError:
        return {}
