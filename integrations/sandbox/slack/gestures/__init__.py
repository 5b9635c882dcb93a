"""What a person can do in a Slack client, each with its way to the app and back."""
