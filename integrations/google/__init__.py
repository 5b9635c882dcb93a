"""Google: signing in, Gmail drafts, calendar answers."""
