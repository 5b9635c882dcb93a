"""OpenRouter: one API key per user, made, limited and ended by us."""
