"""Customers, plans, licenses and their sites."""
