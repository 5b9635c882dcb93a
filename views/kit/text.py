"""Text for Slack: escaped, fitted into its limits, with dates in the reader's own words."""

import re
from datetime import datetime

FIRST_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
# These would open or close formatting in mrkdwn; their twins only look the same.
LOOKALIKES = {"*": "∗", "_": "＿", "~": "∼", "`": "ˋ"}
# These would turn the direction of all that follows: a name has no need of them.
TURNS = dict.fromkeys("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", "")
HARMLESS = str.maketrans(LOOKALIKES | TURNS)
# What formats a sentence; an underscore within a word (an address, say) stays.
EMPHASIS = re.compile(r"[*~`]|(?<!\w)_|_(?!\w)")
# Half an entity, or half a date or link, at the end of what was cut.
HALF_A_MARK = re.compile(r"(&\w*|<[^>]*)$")


def escape(text: str) -> str:
    """Text that Slack shows as it is: no mention, link or entity can come out of it.

    Slack's rule: only &, < and > are escaped (docs.slack.dev, formatting message text).
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def name(text: str, limit: int = 150) -> str:
    """A title or a person's name inside mrkdwn: one line, no formatting, any direction."""
    flat = fit(" ".join(text.translate(HARMLESS).split()), limit)
    return f"{FIRST_ISOLATE}{escape(flat)}{POP_ISOLATE}"


def plain(text: str, limit: int) -> str:
    """A title or name inside plain text: one line, any direction."""
    return fit(" ".join(text.split()), limit)


def bold(text: str) -> str:
    """Ready mrkdwn in bold."""
    return f"*{text}*"


def fit(text: str, limit: int) -> str:
    """At most `limit` characters; what was left out is shown by an ellipsis."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rstrip() + "…"


def fit_marked(text: str, limit: int) -> str:
    """The same for mrkdwn: no half of an entity, date or link is left behind."""
    if len(text) <= limit:
        return text
    return HALF_A_MARK.sub("", text[: limit - 1]).rstrip() + "…"


def link(url: str, label: str) -> str:
    """A link; the label alone when there is no address."""
    safe = url.replace("|", "%7C").replace(">", "%3E").replace("<", "%3C").replace(" ", "%20")
    return f"<{safe}|{escape(label)}>" if safe else escape(label)


def day(at: datetime) -> str:
    """The day as the reader's Slack says it: Today, Yesterday, or the date."""
    return f"<!date^{int(at.timestamp())}^{{date_long_pretty}}|{at:%Y-%m-%d}>"


def time(at: datetime) -> str:
    """The time of day in the reader's own zone and form."""
    return f"<!date^{int(at.timestamp())}^{{time}}|{at:%H:%M} UTC>"


def quoted(text: str) -> str:
    """Somebody's words as a block quote, without any formatting but the letters they typed."""
    shown = EMPHASIS.sub(lambda found: LOOKALIKES[found[0]], text)
    return "\n".join(f"> {line}" for line in escape(shown).splitlines())


def pieces(text: str, limit: int) -> list[tuple[str, str]]:
    """The text in pieces of at most `limit` characters, each with what joins it to the next.

    Cut between paragraphs if possible, else between lines, else between words, else anywhere;
    joining the pieces with their joints gives the text back to the letter.
    """
    found: list[tuple[str, str]] = []
    rest = text
    while len(rest) > limit:
        piece, joint = _cut(rest, limit)
        found.append((piece, joint))
        rest = rest[len(piece) + len(joint) :]
    return [*found, (rest, "")]


def _cut(text: str, limit: int) -> tuple[str, str]:
    for joint in ("\n\n", "\n", " "):
        at = text.rfind(joint, limit // 3, limit)
        if at > 0:
            return text[:at], joint
    return text[:limit], ""
