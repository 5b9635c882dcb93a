"""A mail server on localhost."""
