"""The words of billing."""
