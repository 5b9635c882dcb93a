"""The audit log and admin keys."""
