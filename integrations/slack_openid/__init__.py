"""Sign in with Slack: OpenID Connect (docs.slack.dev/authentication/sign-in-with-slack)."""
