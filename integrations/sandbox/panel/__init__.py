"""The browser page that plays the Slack client, and what serves it."""
