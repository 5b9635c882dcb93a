"""Follow-ups and the templates they are written by."""
