"""Meetings that arrive by themselves: Fathom's webhooks, their deliveries, what came of each."""
