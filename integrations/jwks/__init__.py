"""Signed tokens of an issuer that publishes its keys as a JWK set (RFC 7517, RFC 7519)."""
