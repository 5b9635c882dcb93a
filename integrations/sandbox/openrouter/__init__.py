"""OpenRouter's API for keys on localhost."""
