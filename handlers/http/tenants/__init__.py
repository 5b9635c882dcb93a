"""Doors of tenants: sign-up, its progress, the invitation's page, and the admin's verbs."""
