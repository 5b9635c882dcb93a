"""The AI gateway as the API tells it."""
