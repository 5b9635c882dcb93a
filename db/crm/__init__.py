"""What is kept of the CRM: what people wrote into it from Slack."""
