"""What is seen in Slack."""
