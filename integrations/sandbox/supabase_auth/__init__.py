"""Supabase's Auth on localhost, and the one table that PostgREST serves beside it."""
