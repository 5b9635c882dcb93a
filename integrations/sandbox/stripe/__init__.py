"""Stripe on localhost: its API, Checkout, the customer portal, a clock, and signed webhooks."""
