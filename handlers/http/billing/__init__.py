"""Doors of billing."""
