"""What the ops channel reads about outgoing webhooks."""

from services.webhooks import REASONS
from views.kit import blocks as kit
from views.kit.text import escape, name
from views.words import webhooks as say

MAX_URL = 500


def endpoint_off(url: str, reason: str, language: str) -> kit.Message:
    """An endpoint was switched off, and why."""
    lead = say.ENDPOINT_OFF(language, url=name(url, MAX_URL))
    why = escape(f"{REASONS[reason](language)} {say.ENABLE(language)}")
    return kit.message(lead, kit.section(lead), kit.context(why))
