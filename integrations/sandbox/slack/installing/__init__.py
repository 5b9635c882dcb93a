"""Installing and removing the app: Slack's consent page, and the panel's list of apps."""
