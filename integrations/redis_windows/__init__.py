"""Redis: the sliding windows of an hour, one sorted set per license."""
