"""What the ops channel reads about credits that do not add up."""

from services.credits import CreditBreach
from views.kit import blocks as kit
from views.kit.text import escape
from views.words import credits as say


def broken(breaches: tuple[CreditBreach, ...], total: int, language: str) -> kit.Message:
    """Whose, and what of them; and what to do."""
    lead = say.BROKEN(language, total)
    lines = "\n".join(
        f"• `{escape(one.user_id)}`: " + ", ".join(say.PARTS[part](language) for part in one.broken)
        for one in breaches
    )
    return kit.message(
        lead,
        kit.section(f":warning: {lead}\n{lines}"),
        kit.context(say.WHAT_TO_DO(language)),
    )
