"""An issuer of tokens for tests: keys of its own, and tokens right or wrong in one thing."""

import time
from dataclasses import dataclass, field
from uuid import uuid4

import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import get_default_algorithms

ISSUER = "https://project.supabase.example/auth/v1"
USER = "0b7e6a52-1d6c-4b0f-9a55-2f3f4b6b7a10"
MAKES = {
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "RS256": lambda: rsa.generate_private_key(65537, 2048),
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
}


@dataclass
class SigningKey:
    """A private key, and its public half as a JWK."""

    algorithm: str = "ES256"
    kid: str = field(default_factory=lambda: uuid4().hex)

    def __post_init__(self):
        self.private = MAKES[self.algorithm]()

    @property
    def jwk(self):
        made = get_default_algorithms()[self.algorithm].to_jwk(self.private.public_key())
        return {**orjson.loads(made), "kid": self.kid, "alg": self.algorithm, "use": "sig"}

    def token(self, headers=None, **claims):
        """Right, but for the claims that are given; None leaves one out."""
        return jwt.encode(
            spoken(**claims),
            self.private,
            self.algorithm,
            headers={"kid": self.kid, **(headers or {})},
        )


def spoken(**claims):
    """What Supabase's access tokens say."""
    now = int(time.time())
    usual = {
        "iss": ISSUER,
        "aud": "authenticated",
        "sub": USER,
        "email": "Ada@Example.com",
        "role": "authenticated",
        "iat": now,
        "exp": now + 3600,
    }
    return {name: value for name, value in {**usual, **claims}.items() if value is not None}
