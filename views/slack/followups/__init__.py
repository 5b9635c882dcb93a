"""Follow-ups as seen in Slack."""
