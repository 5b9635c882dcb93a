"""What the ops channel reads about outgoing webhooks, in every state it can be in."""

from services.letters_webhooks import REASONS
from tests.views.scenes import Scene, given
from views.slack import webhooks

URL = "https://shop.example/hooks?a=<b>&c=`d`"

WEBHOOKS = tuple(
    Scene(webhooks.endpoint_off, reason, lambda lang, why=reason: given(URL, why, lang))
    for reason in REASONS
)
