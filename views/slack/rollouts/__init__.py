"""Rollouts in Slack: the form, the live card, the modals of its buttons."""
