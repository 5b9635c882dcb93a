"""What the ops channel reads about webhooks and e-mails, in every state they can be in."""

from services.webhooks.letters_webhooks import REASONS
from tests.views.scenes import Scene, given
from views.slack import mail, webhooks

URL = "https://shop.example/hooks?a=<b>&c=`d`"

WEBHOOKS = tuple(
    Scene(webhooks.endpoint_off, reason, lambda lang, why=reason: given(URL, why, lang))
    for reason in REASONS
)
EMAILS = tuple(
    Scene(mail.lost, name, lambda lang, counts=counts: given(*counts, lang))
    for name, counts in (("failed", (1, 0)), ("uncertain", (0, 1)), ("both", (1_200, 30)))
)
