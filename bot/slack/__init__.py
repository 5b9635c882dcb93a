"""The Slack app and its doors."""
