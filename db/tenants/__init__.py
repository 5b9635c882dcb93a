"""Tenants: companies with a database each, who was invited, and who administers them."""
