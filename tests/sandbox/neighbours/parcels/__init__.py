"""Parcels on localhost."""
