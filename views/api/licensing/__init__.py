"""Customers, plans, licenses and sites as the API tells them."""
