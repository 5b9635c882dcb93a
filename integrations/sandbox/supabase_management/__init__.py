"""Supabase's Management API on localhost; its projects are real databases."""
