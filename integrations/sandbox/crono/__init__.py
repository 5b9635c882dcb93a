"""Crono's CRM on localhost."""
