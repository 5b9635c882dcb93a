"""Results as JSON: the wire contract of the HTTP doors."""
