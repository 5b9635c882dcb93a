"""The databases of tenants: how they are reached, and how a migration is applied to one."""
