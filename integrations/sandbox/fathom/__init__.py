"""Fathom's external API on localhost."""
