"""A draft's MIME message read as Gmail shows it, and as the panel shows it."""

import base64
import email
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default as modern
from email.utils import make_msgid
from typing import Any

from integrations.sandbox.google.accounts import Draft

SNIPPET = 160
_TERM = re.compile(r'([a-z0-9]+):(?:"([^"]*)"|(\S+))|"([^"]*)"|(\S+)', re.I)


def parsed(draft: Draft) -> EmailMessage:
    """The message behind a draft."""
    return email.message_from_bytes(draft.raw, _class=EmailMessage, policy=modern)


def draft_stub(draft: Draft) -> dict[str, Any]:
    """A draft as lists show it."""
    return {"id": draft.id, "message": {"id": draft.message_id, "threadId": draft.thread_id}}


def draft_json(draft: Draft, form: str) -> dict[str, Any]:
    """A Draft resource in one of Gmail's formats."""
    message: dict[str, Any] = {
        "id": draft.message_id,
        "threadId": draft.thread_id,
        "labelIds": ["DRAFT"],
    }
    if form != "minimal":
        message |= {
            "snippet": " ".join(_body(parsed(draft), "plain").split())[:SNIPPET],
            "sizeEstimate": len(draft.raw),
            "historyId": "1",
            "internalDate": str(int(draft.updated_at * 1000)),
        }
    if form == "raw":
        message["raw"] = base64.urlsafe_b64encode(draft.raw).decode()
    if form in ("full", "metadata"):
        message["payload"] = _part(parsed(draft), "", form == "full")
    return {"id": draft.id, "message": message}


def draft_view(draft: Draft) -> dict[str, Any]:
    """A draft as the panel shows it: what its reader would see."""
    message = parsed(draft)
    return {
        "id": draft.id,
        "message_id": draft.message_id,
        "to": str(message["To"] or ""),
        "cc": str(message["Cc"] or ""),
        "subject": str(message["Subject"] or ""),
        "text": _body(message, "plain"),
        "html": _body(message, "html"),
        "headers": {name: str(value) for name, value in message.items()},
        "updated_at": datetime.fromtimestamp(draft.updated_at, UTC).isoformat(),
        "thread_id": draft.thread_id,
    }


def answers(draft: Draft, query: str) -> bool:
    """Whether a draft is found by a search; every term must fit."""
    if not query.strip():
        return True
    message = parsed(draft)
    return all(_fits(message, match) for match in _TERM.finditer(query))


def with_own_message_id(raw: bytes) -> bytes:
    """The message under a Message-ID of Gmail's own."""
    message = email.message_from_bytes(raw, _class=EmailMessage, policy=modern)
    del message["Message-ID"]
    message["Message-ID"] = make_msgid(domain="mail.gmail.com")
    return message.as_bytes()


def _fits(message: EmailMessage, match: re.Match[str]) -> bool:
    operator = (match.group(1) or "").lower()
    wanted = next(text for text in match.groups()[1:] if text is not None).lower()
    if operator == "rfc822msgid":
        return str(message["Message-ID"] or "").strip("<> ").lower() == wanted.strip("<>")
    if operator in ("in", "is", "label"):
        return wanted in ("draft", "drafts", "anywhere")
    if operator in ("subject", "to", "cc", "from"):
        return wanted in str(message[operator] or "").lower()
    return wanted in f"{message['Subject']} {message['To']} {_body(message, 'plain')}".lower()


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""


def _part(message: Any, part_id: str, with_data: bool) -> dict[str, Any]:
    part: dict[str, Any] = {
        "partId": part_id,
        "mimeType": message.get_content_type(),
        "filename": message.get_filename() or "",
        "headers": [{"name": name, "value": str(value)} for name, value in message.items()],
        "body": {"size": 0},
    }
    if not with_data:
        return part
    if message.is_multipart():
        prefix = f"{part_id}." if part_id else ""
        parts = enumerate(message.iter_parts())
        part["parts"] = [_part(child, f"{prefix}{index}", True) for index, child in parts]
        return part
    data = message.get_payload(decode=True) or b""
    part["body"] = {"size": len(data), "data": base64.urlsafe_b64encode(data).decode()}
    return part
