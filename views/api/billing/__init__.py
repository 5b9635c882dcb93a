"""Billing as the API tells it."""
