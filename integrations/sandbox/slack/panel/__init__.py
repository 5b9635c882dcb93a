"""What a person does in the panel's Slack client, and what it shows."""
