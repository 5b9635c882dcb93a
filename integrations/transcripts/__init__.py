"""Transcripts from files: what meeting tools export or copy, read into lines somebody said."""
