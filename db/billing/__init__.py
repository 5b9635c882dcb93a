"""Billing: Stripe's events and objects as they were seen, and the access that follows."""
