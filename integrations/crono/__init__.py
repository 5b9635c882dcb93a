"""Crono: companies, contacts, deals and notes of the CRM."""
