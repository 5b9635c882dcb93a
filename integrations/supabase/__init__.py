"""Supabase: Auth as clients see it and as its admin does, and one table over PostgREST."""
