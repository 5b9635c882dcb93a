"""Issuing licenses as seen in Slack."""
