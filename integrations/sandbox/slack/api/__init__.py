"""The Web API under /slack/api/, as slack_sdk calls it."""
