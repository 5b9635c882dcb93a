"""What may be said in a message, whichever way it is said."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.blockkit.drawing import completed_text, drawn
from integrations.sandbox.slack.blockkit.surfaces import check_message_blocks
from integrations.sandbox.slack.errors import SlackError

LONGEST_TEXT = 40_000  # longer is cut off
LONGEST_UPDATE = 4_000
LONGEST_MARKDOWN = 12_000
MOST_ATTACHMENTS = 100


@dataclass(frozen=True, slots=True)
class Content:
    """A message's body, judged and drawn."""

    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None


def read_content(fields: Mapping[str, Any], *, is_update: bool = False) -> Content:
    """The body in a request's fields.

    SlackError no_text, invalid_blocks, invalid_blocks_format, invalid_attachments,
    markdown_text_conflict, msg_too_long, invalid_metadata_format.
    """
    text = fields.get("text") or ""
    if not isinstance(text, str):
        raise SlackError("invalid_arguments")
    blocks = _blocks(_listed(fields.get("blocks"), "invalid_blocks_format"))
    attachments = _attachments(_listed(fields.get("attachments"), "invalid_attachments"))
    markdown = fields.get("markdown_text") or ""
    if markdown:
        text = _markdown(markdown, conflicting=bool(text or blocks))
    if not text and not blocks and not attachments:
        raise SlackError("no_text")
    if is_update and len(text) > LONGEST_UPDATE:
        raise SlackError("msg_too_long")
    return Content(text[:LONGEST_TEXT], blocks, attachments, _metadata(fields.get("metadata")))


def _listed(value: Any, code: str) -> list[Any]:
    if isinstance(value, str) and value:
        try:
            value = json.loads(value)
        except ValueError as error:
            raise SlackError(code) from error
    if value and not isinstance(value, list):
        raise SlackError(code)
    return value or []


def _blocks(raw: list[Any], at: str = "/blocks") -> list[Json]:
    problems = check_message_blocks(raw, at)
    if problems:
        raise SlackError(
            "invalid_blocks",
            errors=problems.texts(),
            response_metadata={"messages": problems.messages()},
        )
    return drawn(raw)


def _attachments(raw: list[Any]) -> list[Json]:
    if len(raw) > MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    attachments: list[Json] = []
    for index, attachment in enumerate(raw):
        if not isinstance(attachment, dict):
            raise SlackError("invalid_attachments")
        blocks = _blocks(attachment.get("blocks") or [], f"/attachments/{index}/blocks")
        attachments.append({"id": index + 1, **completed_text(attachment), "blocks": blocks})
    return attachments


def _markdown(markdown: Any, *, conflicting: bool) -> str:
    if conflicting:
        raise SlackError("markdown_text_conflict")
    if not isinstance(markdown, str) or len(markdown) > LONGEST_MARKDOWN:
        raise SlackError("msg_too_long")
    return markdown


def _metadata(raw: Any) -> Json | None:
    if isinstance(raw, str) and raw:
        try:
            raw = json.loads(raw)
        except ValueError as error:
            raise SlackError("invalid_metadata_format") from error
    if raw in (None, "", {}):
        return None
    if not isinstance(raw, dict) or set(raw) != {"event_type", "event_payload"}:
        raise SlackError("invalid_metadata_format")
    return raw
