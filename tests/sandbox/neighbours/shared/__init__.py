"""A room that is no vendor: it has no module `vendor`."""
