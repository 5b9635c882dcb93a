"""What an HTTP handler may ask for: the services, who is asking, a reference for what fails."""

import secrets
from dataclasses import replace

from aiohttp import web

from handlers.http.kit.callers import address_of
from handlers.http.kit.problems import Problem
from services import Services
from services.actors import Operator
from services.errors import NotAllowed
from services.licensing import DETAILS, Code, Facts
from services.phrases import language_of
from services.users import SessionExpired, SessionRefused, SignedIn

ADMIN_HEADER = "X-Admin-Key"
LICENSE_HEADER = "X-License-Key"
IDEMPOTENCY = "Idempotency-Key"
LONGEST_REQUEST = 128
REPEATS = {
    IDEMPOTENCY: f"A key of your own (at most {LONGEST_REQUEST} characters). For 30 days the same "
    "request with the same key does nothing again and gets the first answer; another body under "
    "it is answered 409"
}
BEARER = "bearer "
CHALLENGE = {"WWW-Authenticate": "Bearer"}

# Under this a handler puts the language of the person it found out about.
SPOKEN = "language"

SERVICES: web.AppKey[Services] = web.AppKey("services", Services)


def services(request: web.Request) -> Services:
    """The services of this program."""
    return request.app[SERVICES]


def reference() -> str:
    """A short id by which a person and the log speak of the same failure."""
    return secrets.token_hex(3)


def language(request: web.Request) -> str:
    """The language of the person, where we know who it is, else the browser's if we speak it."""
    return request.get(SPOKEN) or language_of(request.headers.get("Accept-Language", ""))


async def operator(request: web.Request) -> Operator:
    """Whose admin key this is, and their word for the request, if they sent one.

    Raises Problem 401 when the key is missing, unknown or revoked, 400 for a word that is none, and
    TooManyTries.
    """
    key = request.headers.get(ADMIN_HEADER, "")
    if not key:
        raise Problem(401, "admin_key_missing", f"Send an admin key in the header {ADMIN_HEADER}.")
    try:
        who = await services(request).audit.admin_keys.who(key)
    except NotAllowed as error:
        _limit(request)
        raise Problem(401, "admin_key_unknown", error.sentence(language(request))) from error
    return replace(who, request=_word(request))


async def signed_in(request: web.Request) -> SignedIn:
    """The user of a client app whose access token was sent as bearer.

    Raises Problem 401 when it is missing, refused or over, Temporary while none can be verified,
    and TooManyTries.
    """
    token = _bearer(request)
    if not token:
        message = "Send the access token of the signed-in user as a bearer token."
        raise Problem(401, "access_token_missing", message, headers=CHALLENGE)
    try:
        return await services(request).users.sessions.who(token)
    except SessionRefused as error:
        over = isinstance(error, SessionExpired)
        if not over:
            _limit(request)
        code = "session_expired" if over else "access_token_refused"
        sentence = error.sentence(language(request))
        raise Problem(401, code, sentence, headers=CHALLENGE) from error


def license_key(request: web.Request) -> str:
    """The license key as it was sent, in its header or as bearer; raises Problem 401 without."""
    key = request.headers.get(LICENSE_HEADER, "").strip()
    if key:
        return key
    if bearer := _bearer(request):
        return bearer
    message = f"Send the license key in the header {LICENSE_HEADER}, or as a bearer token."
    raise Problem(401, "license_key_missing", message)


async def licensed(request: web.Request) -> Facts:
    """What is known of the license key that was sent, also when the license does not stand.

    Raises Problem 401 when the key is missing or unknown, and TooManyTries.
    """
    facts = await services(request).validation.validator.facts(license_key(request))
    if facts is None:
        _limit(request)
        raise Problem(401, "license_key_unknown", DETAILS[Code.NOT_FOUND](language(request)))
    return facts


def _bearer(request: web.Request) -> str:
    """What stands behind `Bearer`; "" for nothing."""
    given = request.headers.get("Authorization", "")
    return given[len(BEARER) :].strip() if given[: len(BEARER)].lower() == BEARER else ""


def _limit(request: web.Request) -> None:
    """Count an unknown key, once it is known to be one: other keys from there are not held up."""
    services(request).validation.unknown_keys.hit(address_of(request))


def _word(request: web.Request) -> str:
    """What makes a repeat the same request; "" for one that may be made again."""
    given = request.headers.get(IDEMPOTENCY)
    if given is None:
        return ""
    if not (given.isascii() and given.isprintable() and 0 < len(given) <= LONGEST_REQUEST):
        message = f"{IDEMPOTENCY} has 1 to {LONGEST_REQUEST} printable ASCII characters."
        raise Problem(400, "bad_idempotency_key", message, param=IDEMPOTENCY)
    return given
