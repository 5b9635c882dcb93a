"""Users who signed up: their profiles, keys and what sign-up needs to remember."""
