"""How well the evidence gate tells true claims from false ones, by kind and language, and its cost.

    python -m bench.evidence [--seen] [--words 14000]

Judges the labelled claims of tests/services/evidence/labelled: by default those that the rules were
not made with. Then it reads a meeting of two hours, audits an e-mail and one edited sentence of it,
as ratios to splitting the same texts into words.
"""

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterable

from services.evidence import BODY, CHECK, NOT_HEARD, DraftPart, HeardLine, Index, Material, audit
from tests.kit.labelled_claims import LabelledClaim, labelled

LANGUAGES = ("en", "it")
SETS = {"seen": ("seen_en", "seen_it"), "unseen": ("unseen_en", "unseen_it")}
MAIL_SENTENCES = 16
TIMES = 5


def main() -> int:
    """Print the table and the costs."""
    asked = _arguments()
    claims = labelled(*SETS["seen" if asked.seen else "unseen"])
    print(f"{len(claims)} labelled claims ({'seen' if asked.seen else 'unseen'})")
    print(f"{'kind':17} {'false ones caught':>18} {'true ones marked':>18} {'of them hard':>13}")
    kinds = list(dict.fromkeys(claim.kind for claim in claims))
    for kind in (*kinds, ""):
        for language in LANGUAGES:
            _row(kind, language, [c for c in claims if _is_of(c, kind, language)])
    _row("", "", claims)
    _cost(asked.words)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seen", action="store_true", help="the claims the rules were made with")
    parser.add_argument("--words", type=int, default=14_000)
    return parser.parse_args()


def _is_of(claim: LabelledClaim, kind: str, language: str) -> bool:
    return claim.language == language and kind in ("", claim.kind)


def _row(kind: str, language: str, claims: Iterable[LabelledClaim]) -> None:
    found = Counter((one.is_true, _level(one)) for one in claims)
    false = sum(n for (is_true, _), n in found.items() if not is_true)
    true = found.total() - false
    caught = false - found[False, ""]
    hard = found[True, NOT_HEARD]
    marked = hard + found[True, CHECK]
    print(
        f"{kind or 'all':12} {language or 'both':4} {_share(caught, false):>18}"
        f" {_share(marked, true):>18} {hard:>13}"
    )


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} = {part / whole:.0%}" if whole else "-"


def _level(claim: LabelledClaim) -> str:
    found = audit(Index(claim.material), claim.parts)
    if found.findings(NOT_HEARD):
        return NOT_HEARD
    return CHECK if found.findings(CHECK) else ""


def _cost(words: int) -> None:
    meeting, mail = _long_meeting(words)
    text = "\n".join(line.text for line in meeting.lines)
    floor = _milliseconds(lambda: text.casefold().split())
    index = Index(meeting)
    parts = (DraftPart(BODY, mail),)
    before = audit(index, parts)
    edited = (DraftPart(BODY, f"{mail}\nWe agreed on 42 machines by Friday."),)
    print(f"\nmeeting of {len(text.split())} words; splitting it into words takes {floor:.1f} ms")
    for name, work in (
        ("index, once per meeting", lambda: Index(meeting)),
        (f"e-mail of {MAIL_SENTENCES} sentences", lambda: audit(index, parts)),
        ("one edited sentence", lambda: audit(index, edited, before)),
    ):
        took = _milliseconds(work)
        print(f"{name:26} {took:8.1f} ms   × {took / floor:.1f}")


def _long_meeting(words: int) -> tuple[Material, str]:
    """Every English meeting again and again, and true sentences about them."""
    claims = [one for one in labelled("seen_en", "unseen_en") if one.is_true]
    said = [line for one in dict.fromkeys(c.material for c in claims) for line in one.lines]
    lines, count = list[HeardLine](), 0
    while count < words:
        line = said[len(lines) % len(said)]
        lines.append(HeardLine(len(lines) + 1, line.speaker, line.text))
        count += len(line.text.split())
    first = claims[0].material
    meeting = Material(tuple(lines), first.held, "en", first.sender, first.people)
    return meeting, "\n".join(claim.sentence for claim in claims[:MAIL_SENTENCES])


def _milliseconds(work: Callable[[], object]) -> float:
    """The fastest of a few runs."""
    took = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        work()
        took.append(1_000 * (time.perf_counter() - begun))
    return min(took)


if __name__ == "__main__":
    raise SystemExit(main())
