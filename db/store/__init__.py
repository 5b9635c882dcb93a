"""What the store is made of: sessions, types, sealing, migrations and durable jobs."""
