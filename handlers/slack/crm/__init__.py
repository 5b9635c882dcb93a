"""The CRM in Slack: tasks and notes."""
