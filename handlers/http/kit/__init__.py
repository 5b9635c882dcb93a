"""What every endpoint stands on: routing, callers, bodies, errors, pages."""
