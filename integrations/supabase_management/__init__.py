"""Supabase's Management API: projects, each with a database of its own."""
