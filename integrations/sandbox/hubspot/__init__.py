"""HubSpot's CRM on localhost."""
