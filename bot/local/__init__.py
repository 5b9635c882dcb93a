"""What runs on a developer's machine only: PostgreSQL, launcher, seed."""
