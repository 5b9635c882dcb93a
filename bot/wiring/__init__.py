"""The composition root: settings, database, clients, services."""
