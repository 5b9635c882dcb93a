"""Sentry, told of what broke: one request per event, and nothing of what people said."""
