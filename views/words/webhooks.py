"""The words of outgoing webhooks in the ops channel."""

from services.phrases import Phrase

ENDPOINT_OFF = Phrase("Webhook endpoint switched off: {url}", "Endpoint webhook disattivato: {url}")
ENABLE = Phrase(
    "Once it works again, enable it in the API.", "Quando funziona di nuovo, riattivalo con l’API."
)
