"""The language model's stand-in: deterministic, extractive, and blind to all but its request."""
