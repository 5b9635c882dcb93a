"""Checks a receipt of Seguito without asking Seguito (Python 3.11+, pip install cryptography).

python verify.py jwks.json RECEIPT example.com   prints the claims, or says why not and ends with 1
"""

import base64
import json
import sys
import time
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey as PublicKey


def verify(receipt: str, jwks: dict, domain: str, now: float | None = None) -> dict:
    """The claims, with `state` "fresh" or "grace"; raises ValueError when they do not hold."""
    try:
        head, body, signature = (decode(part) for part in receipt.split("."))
        keys = {key["kid"]: key for key in jwks["keys"] if key["crv"] == "Ed25519"}
        public = PublicKey.from_public_bytes(decode(keys[json.loads(head)["kid"]]["x"]))
        public.verify(signature, receipt.rpartition(".")[0].encode())
        claims, now = json.loads(body), time.time() if now is None else now
        domain = domain.lower().removeprefix("www.")
        if claims["status"] != "active" or domain not in claims["domains"]:
            raise ValueError("not for this site")
        if not claims["iat"] - 300 <= now < claims["grace_until"]:
            raise ValueError("out of its time")
        return claims | {"state": "fresh" if now < claims["exp"] else "grace"}
    except (InvalidSignature, KeyError, TypeError) as error:
        raise ValueError("not one of ours") from error


def decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)


if __name__ == "__main__":
    claims = verify(sys.argv[2], json.loads(Path(sys.argv[1]).read_text()), *sys.argv[3:4])
    sys.stdout.write(json.dumps(claims))
