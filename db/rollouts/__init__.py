"""Rollouts: the migrations of tenants, their way over all of them, and how each fares."""
