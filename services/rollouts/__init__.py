"""Rollouts: SQL over every tenant's database, in waves, with a way back."""
