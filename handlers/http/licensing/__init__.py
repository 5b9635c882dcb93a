"""Endpoints of customers, plans, licenses and sites."""
