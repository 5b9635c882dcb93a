"""Text for Slack: escaped, fitted into its limits, with dates in the reader's own words."""

from datetime import datetime

FIRST_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
# These would open or close formatting in mrkdwn; their twins only look the same.
LOOKALIKES = str.maketrans({"*": "∗", "_": "＿", "~": "∼", "`": "ˋ"})


def escape(text: str) -> str:
    """Text that Slack shows as it is: no mention, link or entity can come out of it.

    Slack's rule: only &, < and > are escaped (docs.slack.dev, formatting message text).
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def name(text: str, limit: int = 150) -> str:
    """A title or a person's name inside mrkdwn: one line, no formatting, any direction."""
    flat = fit(" ".join(text.split()), limit)
    return f"{FIRST_ISOLATE}{escape(flat.translate(LOOKALIKES))}{POP_ISOLATE}"


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
    """Somebody's words as a block quote."""
    return "\n".join(f"> {line}" for line in escape(text).splitlines())


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
