"""Sign in with Slack: OpenID Connect (https://slack.com/.well-known/openid-configuration)."""
