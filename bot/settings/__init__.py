"""Every environment variable, composed from a module per vendor."""
