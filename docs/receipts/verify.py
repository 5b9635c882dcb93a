"""Checks a receipt of Seguito without asking Seguito (Python 3.11+).

pip install cryptography idna
python verify.py jwks.json RECEIPT example.com   prints the claims, or says why not and ends with 1
"""

import base64
import ipaddress
import json
import re
import sys
import time
from pathlib import Path

import idna
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey as PublicKey

BLANK = " \t\u00a0\u00ad\u2009\u200b\u200c\u200d\u200e\u200f\u202f\u2060\u3000\ufeff"
ADDRESS = re.compile(
    r"(?:(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#@\\\s]*@)?)?"
    r"(\[[0-9a-f:.]+\]|[^/?#:@\[\]\\\s]+)(?::\d{1,5}|:(?!//))?(?:[/?#].*)?",
    re.IGNORECASE,
)


def verify(receipt: str, jwks: dict, domain: str, now: float | None = None) -> dict:
    """The claims, with `state` "fresh" or "grace"; raises ValueError when they do not hold."""
    try:
        head, body, signature = (decode(part) for part in receipt.split("."))
        keys = {key["kid"]: key for key in jwks["keys"] if key["crv"] == "Ed25519"}
        public = PublicKey.from_public_bytes(decode(keys[json.loads(head)["kid"]]["x"]))
        public.verify(signature, receipt.rpartition(".")[0].encode())
        claims, now = json.loads(body), time.time() if now is None else now
    except (InvalidSignature, KeyError, TypeError) as error:
        raise ValueError("not one of ours") from error
    host = host_of(domain)
    names = {host, host.removeprefix("www.")}
    if claims["status"] != "active" or names.isdisjoint(claims["domains"]):
        raise ValueError("not for this site")
    if not claims["iat"] - 300 <= now < claims["grace_until"]:
        raise ValueError("out of its time")
    return claims | {"state": "fresh" if now < claims["exp"] else "grace"}


def host_of(domain: str) -> str:
    """The host of a domain or an address, as receipts have it; "" when there is none."""
    found = ADDRESS.fullmatch(domain.strip(BLANK))
    host = found[1].lower() if found else ""
    try:
        return ipaddress.ip_address(host.strip("[]")).compressed
    except ValueError:
        labels = host if host.isascii() else idna.uts46_remap(host, std3_rules=False)
        return ".".join(map(encode, labels.split("."))).rstrip(".")


def encode(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode()


def decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)


if __name__ == "__main__":
    claims = verify(sys.argv[2], json.loads(Path(sys.argv[1]).read_text()), *sys.argv[3:4])
    sys.stdout.write(json.dumps(claims))
