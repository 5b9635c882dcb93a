"""Fathom: recorded meetings, their transcripts and summaries."""
