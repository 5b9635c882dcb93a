"""Fathom's own summary of a meeting: always English, in the vendor's Markdown."""

from collections.abc import Sequence


def summary_of(title: str, points: Sequence[str]) -> str | None:
    """Fathom's "General" template filled with the given points; None when there are none."""
    if not points:
        return None
    bullets = "\n".join(f"  - {point}" for point in points)
    return f"## Meeting Purpose\n\n{title}\n\n## Key Takeaways\n\n{bullets}\n"
