"""The rich_text block and everything inside it."""

from integrations.sandbox.slack.blockkit.checks import (
    boolean,
    by_type,
    literal,
    many,
    record,
    string,
    whole,
)
from integrations.sandbox.slack.blockkit.objects import ANY_TEXT, URL

MOST_PIECES = 1000

_STYLE = record(
    {},
    {
        name: boolean
        for name in (
            "bold",
            "italic",
            "strike",
            "code",
            "underline",
            "highlight",
            "client_highlight",
            "unlink",
        )
    },
)
_WORD = string(255)
_LONG = string(ANY_TEXT * 4)
_PIECE = by_type(
    {
        "text": record({"type": literal("text"), "text": _LONG}, {"style": _STYLE}),
        "link": record(
            {"type": literal("link"), "url": URL},
            {"text": _LONG, "style": _STYLE, "unsafe": boolean},
        ),
        "user": record({"type": literal("user"), "user_id": _WORD}, {"style": _STYLE}),
        "channel": record({"type": literal("channel"), "channel_id": _WORD}, {"style": _STYLE}),
        "usergroup": record(
            {"type": literal("usergroup"), "usergroup_id": _WORD}, {"style": _STYLE}
        ),
        "emoji": record(
            {"type": literal("emoji"), "name": _WORD},
            {"unicode": _WORD, "skin_tone": whole(1, 6), "style": _STYLE, "url": URL},
        ),
        "broadcast": record(
            {"type": literal("broadcast"), "range": literal("here", "channel", "everyone")},
            {"style": _STYLE},
        ),
        "color": record({"type": literal("color"), "value": _WORD}, {"style": _STYLE}),
        "date": record(
            {"type": literal("date"), "timestamp": whole(0, 2**40), "format": _WORD},
            {"fallback": _LONG, "url": URL, "style": _STYLE},
        ),
    }
)
_PIECES = many(_PIECE, MOST_PIECES, least=0)
_SECTION = record({"type": literal("rich_text_section"), "elements": _PIECES})
_PART = by_type(
    {
        "rich_text_section": _SECTION,
        "rich_text_list": record(
            {
                "type": literal("rich_text_list"),
                "style": literal("bullet", "ordered"),
                "elements": many(_SECTION, MOST_PIECES),
            },
            {"indent": whole(0, 8), "offset": whole(0, 10_000), "border": whole(0, 1)},
        ),
        "rich_text_preformatted": record(
            {"type": literal("rich_text_preformatted"), "elements": _PIECES},
            {"border": whole(0, 1), "language": _WORD},
        ),
        "rich_text_quote": record(
            {"type": literal("rich_text_quote"), "elements": _PIECES}, {"border": whole(0, 1)}
        ),
    }
)
RICH_TEXT = record(
    {"type": literal("rich_text"), "elements": many(_PART, MOST_PIECES, least=0)},
    {"block_id": string(255)},
)
