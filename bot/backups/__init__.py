"""Backup, restore, and the quarantine of a database that was restored."""
