"""The CRM in Slack: connecting it, and what people write into it."""
