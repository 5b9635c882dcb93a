"""Endpoints of the AI gateway."""
