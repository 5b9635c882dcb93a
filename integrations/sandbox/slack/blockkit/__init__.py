"""Block Kit as Slack judges it: what may be drawn where, and what a drawn thing holds."""
