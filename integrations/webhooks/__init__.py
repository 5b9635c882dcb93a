"""Outgoing webhooks: messages posted to addresses that other people gave us."""
