"""Doors out: one folder per vendor, with the same file names in each."""
