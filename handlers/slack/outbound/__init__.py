"""Everything that is said in Slack unasked."""
