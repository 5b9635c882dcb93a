"""Listeners of follow-ups."""
