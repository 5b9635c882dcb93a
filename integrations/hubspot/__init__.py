"""HubSpot: companies, contacts, deals, notes and tasks of the CRM."""
