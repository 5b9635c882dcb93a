"""Stripe: subscriptions, invoices, checkout and portal, through its official library."""
