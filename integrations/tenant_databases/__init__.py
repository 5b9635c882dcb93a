"""The databases of tenants: each on its own, reached by stored parts and by nothing else."""
