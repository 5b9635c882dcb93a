"""Receipts hold where they should and nowhere else, as the published verifiers see it."""

import base64
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import orjson
import pytest

from services.licensing.domains import Domain
from services.validation.receipts import FRESH, GRACE, Receipts, ReceiptTerms
from tests.chromium import PHP

DOCS = Path(__file__).parents[3] / "docs" / "receipts"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
OLD_SEED, SEED = bytes(32), bytes(range(32))
TERMS = ReceiptTerms(
    license_id="lic_1",
    status="active",
    plan="pro",
    features=("ai", "priority"),
    domains=("example.com", "xn--caff-8oa.it"),
    max_sites=3,
)
# A verifier's word: the claims, or None when it refuses.
Verify = Callable[[str, bytes, str, datetime], dict[str, Any] | None]

# RFC 8037, appendix A: its key's thumbprint and its signature.
RFC_SEED = base64.urlsafe_b64decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")
RFC_KID = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"

IN_PHP = """
require $argv[1];
try {
    $found = verify_receipt($argv[2], json_decode($argv[3], true), $argv[4], (int) $argv[5]);
    echo json_encode($found);
} catch (UnexpectedValueException $refused) {
    echo 'null';
}
"""


@dataclass(frozen=True)
class Case:
    """A receipt that must be refused, and where and when it was shown."""

    receipt: str
    domain: str = "example.com"
    at: datetime = NOW


def receipts(*seeds: bytes) -> Receipts:
    """Receipts of one product."""
    return Receipts(seeds or (SEED,), "https://seguito.example")


def in_python(receipt: str, jwks: bytes, domain: str, at: datetime) -> dict[str, Any] | None:
    """What docs/receipts/verify.py says."""
    spec = spec_from_file_location("verify", DOCS / "verify.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    try:
        found: dict[str, Any] = module.verify(receipt, json.loads(jwks), domain, at.timestamp())
    except ValueError:
        return None
    return found


@cache
def php() -> str:
    """PHP's own program; `make test` names it in PHP and gets one where there is none."""
    found = PHP.found(os.environ)
    if found is None:
        pytest.fail("There is no PHP 8 with sodium here: run `make test`, or set PHP.")
    return str(found)


def in_php(receipt: str, jwks: bytes, domain: str, at: datetime) -> dict[str, Any] | None:
    """What docs/receipts/verify.php says; its warnings fail the test."""
    words = [str(DOCS / "verify.php"), receipt, jwks.decode(), domain, str(int(at.timestamp()))]
    command = [php(), "-d", "display_errors=stderr", "-r", IN_PHP, "--", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] | None = json.loads(done.stdout)
    return found


both = pytest.mark.parametrize(
    "verify", [in_python, pytest.param(in_php, marks=pytest.mark.external)]
)


def b64(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def changed(receipt: str, **claims: object) -> str:
    """The receipt with other claims under the old signature."""
    header, body, signature = receipt.split(".")
    old = orjson.loads(base64.urlsafe_b64decode(body + "=="))
    return f"{header}.{b64(orjson.dumps(old | claims))}.{signature}"


@both
def test_a_receipt_says_what_was_bought_and_holds_for_a_day(verify: Verify) -> None:
    ours = receipts()
    found = verify(ours.issue(TERMS, NOW), ours.jwks, "www.Example.com", NOW)
    issued = int(NOW.timestamp())
    assert found == {
        "iss": "https://seguito.example",
        "sub": "lic_1",
        "iat": issued,
        "exp": issued + 24 * 3600,
        "grace_until": issued + 15 * 24 * 3600,
        "status": "active",
        "plan": "pro",
        "features": ["ai", "priority"],
        "domains": ["example.com", "xn--caff-8oa.it"],
        "max_sites": 3,
        "state": "fresh",
    }


SPELLINGS = (
    *(
        "shop.example",
        "HTTPS://WWW.Shop.Example:8443/cart?x=1#top",
        "shop.example.",
        "//shop.example",
    ),
    *("https://nora:pw@shop.example/", "\u200bshop.example\u00a0", "http://shop.example:/"),
    *("www.com", "www.co.uk", "blog.shop.co.uk", "staging2.shop.example", "wordpress:8080"),
    *(
        "caffè.it",
        "www.CAFFÈ.it",
        "https://Bücher.example:443/",
        "bücher。example",
        "xn--bcher-kva.example",
    ),
    *(
        "Straße.example",
        "i❤.ws",
        "xn--i-7iq.ws",
        "☃.net",
        "例え.jp",
        "мир.example",
        "xn--a.example",
    ),
    *("127.0.0.1:8080", "[::1]:3000", "[FE80:0:0:0:0:0:0:1]", "http://192.168.1.5/wp"),
)


@both
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_receipt_holds_however_its_site_is_written(verify: Verify, spelling: str) -> None:
    ours, host = receipts(), Domain.read(spelling).host
    receipt = ours.issue(replace(TERMS, domains=("other.example", host)), NOW)
    assert verify(receipt, ours.jwks, spelling, NOW)
    elsewhere = ours.issue(replace(TERMS, domains=("other.example", f"x{host}")), NOW)
    assert verify(elsewhere, ours.jwks, spelling, NOW) is None


@both
@pytest.mark.parametrize(
    "spelling", ["http://", "shop.example.evil.example", "https://shop.example@evil.example/", " "]
)
def test_a_receipt_holds_for_no_other_host(verify: Verify, spelling: str) -> None:
    ours = receipts()
    receipt = ours.issue(replace(TERMS, domains=("shop.example",)), NOW)
    assert verify(receipt, ours.jwks, spelling, NOW) is None


@both
def test_broken_punycode_in_a_receipt_is_the_name_it_is(verify: Verify) -> None:
    ours, name = receipts(), f"xn--{'z' * 59}.example"
    receipt = ours.issue(replace(TERMS, domains=(name, "shop.example")), NOW)
    assert verify(receipt, ours.jwks, name, NOW)
    assert verify(receipt, ours.jwks, "bücher.example", NOW) is None


@both
def test_grace_begins_after_a_day_and_ends_after_two_weeks(verify: Verify) -> None:
    ours = receipts()
    receipt = ours.issue(TERMS, NOW)
    last = NOW + FRESH + GRACE - timedelta(seconds=1)
    for at in (NOW + FRESH, last):
        found = verify(receipt, ours.jwks, "example.com", at)
        assert found
        assert found["state"] == "grace"
    assert verify(receipt, ours.jwks, "example.com", last + timedelta(seconds=1)) is None


@both
def test_a_receipt_never_outlasts_the_license(verify: Verify) -> None:
    ours = receipts()
    end = NOW + timedelta(hours=3)
    receipt = ours.issue(replace(TERMS, ends_at=end), NOW)
    assert verify(receipt, ours.jwks, "example.com", end - timedelta(seconds=1))
    assert verify(receipt, ours.jwks, "example.com", end) is None


@both
def test_what_an_older_key_signed_still_holds(verify: Verify) -> None:
    before, after = receipts(OLD_SEED), receipts(SEED, OLD_SEED)
    assert verify(before.issue(TERMS, NOW), after.jwks, "example.com", NOW)
    assert verify(after.issue(TERMS, NOW), after.jwks, "example.com", NOW)
    assert verify(after.issue(TERMS, NOW), before.jwks, "example.com", NOW) is None


@both
def test_nothing_forged_moved_or_out_of_time_holds(verify: Verify) -> None:
    good = receipts().issue(TERMS, NOW)
    header, body, signature = good.split(".")
    unsigned = b64(
        orjson.dumps({"alg": "none", "kid": orjson.loads(receipts().jwks)["keys"][0]["kid"]})
    )
    cases = [
        Case(good, domain="other.example"),
        Case(good, domain="sub.example.com"),
        Case(good, domain=""),
        Case(good, at=NOW - timedelta(hours=1)),
        Case(receipts().issue(replace(TERMS, status="suspended"), NOW)),
        Case(changed(good, domains=["other.example"]), domain="other.example"),
        Case(changed(good, grace_until=9_999_999_999)),
        Case(f"{header}.{body}.{b64(bytes(64))}"),
        Case(f"{header}.{body}."),
        Case(f"{header}.{body}"),
        Case(f"{unsigned}.{body}."),
        Case(f"{b64(b'[]')}.{body}.{signature}"),
        Case(f"{b64(bytes([55]))}.{body}.{signature}"),
        Case(f"{b64(orjson.dumps({'kid': []}))}.{body}.{signature}"),
        Case(f"{good}.{signature}"),
        Case("not.a.receipt"),
        Case(""),
    ]
    held = [case for case in cases if verify(case.receipt, receipts().jwks, case.domain, case.at)]
    assert held == []


def test_a_key_is_named_by_its_thumbprint() -> None:
    [key] = orjson.loads(Receipts((RFC_SEED,), "x").jwks)["keys"]
    assert key["kid"] == RFC_KID
    assert key == {
        "crv": "Ed25519",
        "kty": "OKP",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        "kid": RFC_KID,
        "alg": "EdDSA",
        "use": "sig",
    }
    members = b'{"crv":"Ed25519","kty":"OKP","x":"' + key["x"].encode() + b'"}'
    assert b64(hashlib.sha256(members).digest()) == key["kid"]


def test_the_newest_key_comes_first_and_none_is_private() -> None:
    keys = orjson.loads(receipts(SEED, OLD_SEED).jwks)["keys"]
    header = orjson.loads(
        base64.urlsafe_b64decode(receipts(SEED, OLD_SEED).issue(TERMS, NOW).split(".")[0] + "==")
    )
    assert keys[0]["kid"] == header["kid"]
    assert len(keys) == 2
    assert all("d" not in key for key in keys)


@pytest.mark.parametrize("name", ["verify.php", "verify.py"])
def test_a_verifier_can_be_read_at_a_glance(name: str) -> None:
    assert len((DOCS / name).read_text().splitlines()) <= 110


@pytest.mark.parametrize(
    "name", [pytest.param("verify.php", marks=pytest.mark.external), "verify.py"]
)
def test_a_verifier_is_a_program_too(name: str, tmp_path: Path) -> None:
    ours = receipts()
    (tmp_path / "jwks.json").write_bytes(ours.jwks)
    program = php() if name.endswith("php") else sys.executable
    receipt = ours.issue(TERMS, datetime.now(UTC))
    command = [program, str(DOCS / name), str(tmp_path / "jwks.json"), receipt]
    good = subprocess.run([*command, "example.com"], capture_output=True, text=True)
    bad = subprocess.run([*command, "other.example"], capture_output=True, text=True)
    assert json.loads(good.stdout)["sub"] == "lic_1"
    assert bad.returncode == 1
    assert "not for this site" in bad.stderr
