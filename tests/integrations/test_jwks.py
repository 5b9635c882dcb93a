"""Tokens are believed only with the issuer's own key, for us, and in their time."""

import asyncio
import base64
from datetime import UTC, datetime, timedelta

import jwt
import orjson
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from integrations.errors import RefusedByVendor, Unreachable
from integrations.http import client
from integrations.jwks.types import Issuer, TokenRefused
from integrations.jwks.verifier import TokenVerifier
from tests.integrations.fake_vendor import in_turn, says
from tests.integrations.tokens import ISSUER, USER, SigningKey, spoken

SECRET = "the shared secret of a project of long ago"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Clock:
    """The time by which keys age."""

    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest_asyncio.fixture
async def verifier(vendor, clock):
    made = TokenVerifier(
        client(vendor.url, "supabase"),
        Issuer("supabase", ISSUER, "authenticated", "/jwks.json"),
        clock,
    )
    yield made
    await made.close()


@pytest_asyncio.fixture
async def legacy(vendor, clock):
    made = TokenVerifier(
        client(vendor.url, "supabase"),
        Issuer("supabase", ISSUER, "authenticated", "/jwks.json", SECRET),
        clock,
    )
    yield made
    await made.close()


def publishes(*keys, **more):
    return says({"keys": [*(key.jwk for key in keys), *more.values()]})


async def refused(verifier, token):
    with pytest.raises(TokenRefused) as caught:
        await verifier.verify(token)
    return caught.value.code


@pytest.mark.parametrize("algorithm", ["ES256", "RS256", "EdDSA"])
async def test_a_token_of_the_issuers_is_read(vendor, verifier, algorithm):
    key = SigningKey(algorithm)
    vendor.answer = publishes(key)
    claims = await verifier.verify(key.token())
    assert (claims.subject, claims.email, claims.role) == (
        USER,
        "ada@example.com",
        "authenticated",
    )
    assert claims.expires_at > datetime.now(UTC)


LONG_AGO, IN_A_CENTURY = 1_700_000_000, 4_900_000_000
WRONG = {
    "another issuer": ({"iss": "https://evil.example/auth/v1"}, "claims"),
    "no issuer": ({"iss": None}, "claims"),
    "another audience": ({"aud": "anon"}, "claims"),
    "no audience": ({"aud": None}, "claims"),
    "over": ({"exp": LONG_AGO}, "expired"),
    "without an end": ({"exp": None}, "claims"),
    "not yet": ({"nbf": IN_A_CENTURY}, "not_yet"),
    "nobody's": ({"sub": None}, "claims"),
}


@pytest.mark.parametrize("what", WRONG)
async def test_a_token_with_a_wrong_claim_is_refused(vendor, verifier, what):
    key = SigningKey()
    vendor.answer = publishes(key)
    claims, code = WRONG[what]
    assert await refused(verifier, key.token(**claims)) == code


@pytest.mark.parametrize(
    "token", ["", "x", "a.b.c", "é.é.é", "eyJ" + "A" * 9_000, "..", "e30.e30."]
)
async def test_what_is_no_token_is_refused_without_asking(vendor, verifier, token):
    vendor.answer = publishes(SigningKey())
    assert await refused(verifier, token) in ("malformed", "unknown_key")
    assert not vendor.seen


async def test_a_token_signed_by_another_key_is_refused(vendor, verifier):
    key, other = SigningKey(), SigningKey()
    vendor.answer = publishes(key)
    assert await refused(verifier, other.token({"kid": key.kid})) == "signature"
    head, body, signature = key.token().split(".")
    forged = base64.urlsafe_b64encode(orjson.dumps(spoken(sub="another"))).decode().rstrip("=")
    assert await refused(verifier, f"{head}.{forged}.{signature}") == "signature"
    assert await refused(verifier, f"{head}.{body}.") == "signature"


async def test_a_public_key_is_no_shared_secret(vendor, verifier, legacy):
    """The best known attack: HS256 with the bytes of the issuer's public key."""
    key = SigningKey("RS256")
    vendor.answer = publishes(key)
    public = key.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    # The library refuses to sign so: the attacker's own would not.
    head = base64.urlsafe_b64encode(orjson.dumps({"alg": "HS256", "kid": key.kid, "typ": "JWT"}))
    body = base64.urlsafe_b64encode(orjson.dumps(spoken()))
    signed = b".".join(part.rstrip(b"=") for part in (head, body))
    mac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(signed, public)
    token = f"{signed.decode()}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
    assert await refused(verifier, token) == "algorithm"
    assert await refused(legacy, token) == "signature"


async def test_an_unsigned_token_is_refused(vendor, verifier, legacy):
    key = SigningKey()
    vendor.answer = publishes(key)
    token = jwt.encode(spoken(), None, "none", headers={"kid": key.kid})
    assert await refused(verifier, token) == "algorithm"
    assert await refused(legacy, token) == "algorithm"


async def test_a_key_is_used_for_its_own_algorithm_only(vendor, verifier):
    key = SigningKey("RS256")
    vendor.answer = publishes(key)
    token = jwt.encode(spoken(), key.private, "RS512", headers={"kid": key.kid})
    assert await refused(verifier, token) == "algorithm"


async def test_the_shared_secret_counts_only_where_it_is_configured(vendor, verifier, legacy):
    vendor.answer = publishes()
    token = jwt.encode(spoken(), SECRET, "HS256")
    assert await refused(verifier, token) == "algorithm"
    assert (await legacy.verify(token)).subject == USER
    wrong = jwt.encode(spoken(), SECRET + "!", "HS256")
    assert await refused(legacy, wrong) == "signature"
    assert await refused(legacy, jwt.encode(spoken(iss="x"), SECRET, "HS256")) == "claims"
    assert not vendor.seen


async def test_a_shared_secret_that_is_published_is_no_key(vendor, verifier):
    published = base64.urlsafe_b64encode(SECRET.encode()).decode().rstrip("=")
    vendor.answer = publishes(
        secret={"kty": "oct", "kid": "k", "alg": "HS256", "k": published},
        odd={"kty": "post-quantum", "kid": "q"},
        nothing={},
    )
    token = jwt.encode(spoken(), SECRET, "HS256", headers={"kid": "k"})
    assert await refused(verifier, token) == "algorithm"
    assert await refused(verifier, SigningKey(kid="q").token()) == "unknown_key"


async def test_keys_are_fetched_once_for_many_at_once(vendor, verifier):
    key = SigningKey()
    vendor.answer = publishes(key)
    await asyncio.gather(*(verifier.verify(key.token()) for _ in range(20)))
    assert [seen.path for seen in vendor.seen] == ["/jwks.json"]


async def test_a_new_key_is_known_at_once_and_a_removed_one_soon_not_any_more(
    vendor, verifier, clock
):
    old, new = SigningKey(), SigningKey()
    vendor.answer = in_turn(publishes(old), publishes(old, new), publishes(new))
    await verifier.verify(old.token())
    clock.now += timedelta(minutes=1)
    await verifier.verify(new.token())
    await verifier.verify(old.token())
    assert len(vendor.seen) == 2
    clock.now += timedelta(minutes=11)
    await verifier.verify(new.token())
    assert await refused(verifier, old.token()) == "unknown_key"


async def test_made_up_key_ids_do_not_become_requests(vendor, verifier, clock):
    key = SigningKey()
    vendor.answer = publishes(key)
    await verifier.verify(key.token())
    for _ in range(50):
        assert await refused(verifier, SigningKey().token()) == "unknown_key"
    assert len(vendor.seen) == 1
    clock.now += timedelta(seconds=31)
    assert await refused(verifier, SigningKey().token()) == "unknown_key"
    assert len(vendor.seen) == 2


async def test_known_keys_outlive_an_hour_without_the_issuer(vendor, verifier, clock):
    key = SigningKey()
    vendor.answer = in_turn(publishes(key), says({}, 503))
    await verifier.verify(key.token())
    clock.now += timedelta(minutes=59)
    await verifier.verify(key.token())
    clock.now += timedelta(minutes=2)
    with pytest.raises(Unreachable):
        await verifier.verify(key.token())


@pytest.mark.parametrize(
    "answer", [says({}, 500), says(b"<html>"), says(b"[]"), says(b"x" * 70_000)]
)
async def test_without_keys_nobody_is_believed_and_nobody_accused(vendor, verifier, answer):
    vendor.answer = answer
    with pytest.raises(Unreachable):
        await verifier.verify(SigningKey().token())


async def test_an_issuer_that_is_back_is_asked_again_soon(vendor, verifier, clock):
    key = SigningKey()
    vendor.answer = says({}, 404)
    with pytest.raises(Unreachable):
        await verifier.verify(key.token())
    vendor.answer = publishes(key)
    clock.now += timedelta(seconds=3)
    assert (await verifier.verify(key.token())).subject == USER


async def test_the_doctor_hears_when_nothing_can_be_verified(vendor, verifier, legacy):
    vendor.answer = publishes(SigningKey())
    await verifier.check()
    vendor.answer = publishes()
    with pytest.raises(RefusedByVendor, match="publishes no signing key"):
        await verifier.check()
    await legacy.check()
