"""What people read of the CRM."""
