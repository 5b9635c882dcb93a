"""Figures of the business: days and months of usage kept for good, and queries over all tables."""
