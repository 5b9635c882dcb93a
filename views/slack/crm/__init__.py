"""What the CRM shows in Slack."""
