"""What every durable job stands on: the runner and its failures."""
