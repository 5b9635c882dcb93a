"""Anthropic's Messages API on localhost."""
