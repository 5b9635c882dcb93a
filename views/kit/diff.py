"""What differs between two texts, word by word, for people to read in Slack."""

import re
from difflib import SequenceMatcher

from views.kit.text import EMPHASIS, LOOKALIKES, escape, fit_marked

# Words that stayed, shown on either side of what changed.
AROUND = 4
WORD = re.compile(r"\S+")


def changes(before: str, after: str, limit: int) -> str:
    """Ready mrkdwn: ~what goes~ and *what comes*, with a few words around; "" for no change."""
    old, new = WORD.findall(before), WORD.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    shown = []
    for group in matcher.get_grouped_opcodes(AROUND):
        pieces: list[str] = []
        for kind, start, end, begin, stop in group:
            if kind == "equal":
                pieces.append(_plain(old[start:end]))
                continue
            pieces += [f"~{_plain(old[start:end])}~"] if end > start else []
            pieces += [f"*{_plain(new[begin:stop])}*"] if stop > begin else []
        shown.append("… " + " ".join(pieces) + " …")
    return fit_marked("\n".join(f"> {line}" for line in shown), limit)


def _plain(words: list[str]) -> str:
    return escape(EMPHASIS.sub(lambda found: LOOKALIKES[found[0]], " ".join(words)))
