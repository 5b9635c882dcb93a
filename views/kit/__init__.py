"""What every view in Slack is made of: blocks, controls, text and state."""
