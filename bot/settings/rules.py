"""What a setting's value must be, and how one comes by a right one: a line of text for people."""

import base64
import re
from collections.abc import Callable, Mapping
from email.utils import parseaddr
from urllib.parse import urlsplit

from db.store.vault import VaultError, parse_keys
from integrations.http import is_loopback
from integrations.smtp.types import read_server
from services.email_address import wire_address
from services.errors import Invalid

SEED_BYTES = 32
# Shorter ones can be guessed by whoever has one digest or one signature made with them.
LEAST_SECRET = 32
# Slack's own have 32 characters.
LEAST_SIGNING_SECRET = 16
EXAMPLE = "like https://seguito.example.com"

Check = Callable[[str], str]

CURES: Mapping[str, str] = {
    "public_url": f"set it to the address people reach us at, {EXAMPLE}",
    "encryption_keys": 'make one with: echo "k1:$(openssl rand -base64 32)"',
    "license_pepper": "make one with: openssl rand -base64 32",
    "license_signing_key": "make one with: openssl rand -base64 32",
    "admin_api_key": "make one with: openssl rand -hex 32",
    "slack_bot_token": "copy the Bot User OAuth Token (xoxb-…), Slack app › OAuth & Permissions",
    "slack_signing_secret": "copy the Signing Secret, Slack app › Basic Information",
    "slack_app_token": "make one (xapp-…) with connections:write, Slack app › Basic Information",
    "slack_client_id": "copy it, Slack app › Basic Information",
    "slack_client_secret": "copy it, Slack app › Basic Information",
    "slack_ops_team_id": "copy the workspace’s id (T…), from the address of Slack in a browser",
    "slack_ops_channel_id": "copy the channel’s id (C…), Slack › channel details › About",
    "slack_ops_admins": "write members’ ids (U…) with commas, Slack › profile › Copy member ID",
    "fathom_api_key": "copy one, Fathom › Settings › API Access",
    "crono_public_key": "copy both keys, Crono › Settings › API",
    "crono_private_key": "copy both keys, Crono › Settings › API",
    "anthropic_api_key": "make one at console.anthropic.com › API keys",
    "openai_api_key": "make one at platform.openai.com › API keys",
    "deepseek_api_key": "make one at platform.deepseek.com › API keys",
    "google_client_id": "copy the client’s id, console.cloud.google.com › Credentials",
    "google_client_secret": "copy the client’s secret, console.cloud.google.com › Credentials",
    "smtp_url": "write it like smtp://user:password@host:587 or smtps://…:465",
    "email_from": "write it like Seguito <seguito@example.com>",
}


def fault_of(name: str, value: str) -> str:
    """What is wrong with a setting's value, and its cure; "" when nothing is, or it is not set."""
    wrong = CHECKS[name](value) if value and name in CHECKS else ""
    return cured(name, wrong) if wrong else ""


def cured(name: str, wrong: str) -> str:
    """The fault with what mends it; nothing to add when the name has no cure of its own."""
    return f"{wrong}; {CURES[name]}" if name in CURES else wrong


def read_seeds(text: str) -> tuple[bytes, ...]:
    """Ed25519 seeds from base64, newest first, by commas; raises ValueError without the text."""
    return tuple(_seed(part) for part in filter(None, map(str.strip, text.split(","))))


def _seed(part: str) -> bytes:
    try:
        seed = base64.b64decode(part, validate=True)
    except ValueError:
        seed = b""
    if len(seed) != SEED_BYTES:
        # `from None`: the decoder's own message could quote the key.
        raise ValueError(f"cannot be read as base64 of {SEED_BYTES} bytes") from None
    return seed


def _address(value: str) -> str:
    try:
        parts = urlsplit(value)
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if not whole or not value.isprintable() or " " in value:
        return "must be a whole address with https:// (or http://) and a host"
    if "@" in parts.netloc or "?" in value or "#" in value:
        return "must be without user name, password, question mark and #"
    return ""


def _public_address(value: str) -> str:
    if not (wrong := _address(value)) and value.startswith("http://") and not is_loopback(value):
        return "must begin with https://, except on this very machine"
    return wrong


def _encryption_keys(value: str) -> str:
    try:
        keys = parse_keys(value)
    except VaultError as error:
        return str(error)
    return _repeated(*keys.values())


def _signing_seeds(value: str) -> str:
    try:
        return _repeated(*read_seeds(value))
    except ValueError as error:
        return str(error)


def _repeated(*keys: bytes) -> str:
    return "is one byte again and again, no secret" if any(len(set(k)) == 1 for k in keys) else ""


def _mail_server(value: str) -> str:
    try:
        read_server(value)
    except ValueError:
        return "cannot be read"
    return ""


def _sender(value: str) -> str:
    try:
        wire_address(parseaddr(value)[1])
    except Invalid:
        return "is no address"
    return ""


def _at_least(least: int) -> Check:
    return lambda value: f"is too short, {least} characters at least" if len(value) < least else ""


def _like(pattern: str, wrong: str) -> Check:
    return lambda value: "" if re.fullmatch(pattern, value) else wrong


CHECKS: Mapping[str, Check] = {
    "public_url": _public_address,
    "encryption_keys": _encryption_keys,
    "license_pepper": _at_least(LEAST_SECRET),
    "license_signing_key": _signing_seeds,
    "admin_api_key": _at_least(LEAST_SECRET),
    "slack_signing_secret": _at_least(LEAST_SIGNING_SECRET),
    "slack_bot_token": _like(r"xoxb-\S+", "is no bot token"),
    "slack_app_token": _like(r"xapp-\S+", "is no app token"),
    "slack_ops_team_id": _like("[TE][A-Z0-9]+", "is no workspace id"),
    "slack_ops_channel_id": _like("[CG][A-Z0-9]+", "is no channel id"),
    "slack_ops_admins": _like(r"(\s*[UW][A-Z0-9]+\s*,)*\s*[UW][A-Z0-9]+\s*,?\s*", "are no ids"),
    "smtp_url": _mail_server,
    "email_from": _sender,
    **dict.fromkeys(
        (
            "slack_api_url",
            "fathom_api_url",
            "crono_api_url",
            "anthropic_base_url",
            "openai_base_url",
            "deepseek_base_url",
            "google_auth_url",
            "google_token_url",
            "google_revoke_url",
            "gmail_api_url",
            "google_calendar_api_url",
        ),
        _address,
    ),
}
