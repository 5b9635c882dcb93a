"""The sites of tenants, as operators say where they are."""
