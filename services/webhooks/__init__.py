"""Outgoing webhooks: endpoints, signing and deliveries."""

from services.webhooks.letters_webhooks import REASONS
from services.webhooks.webhook_deliveries import TELL, FailureContacts, WebhookDeliveries
from services.webhooks.webhooks import DELIVER, TYPES, Created, Delivery, WebhookEndpoint, Webhooks
