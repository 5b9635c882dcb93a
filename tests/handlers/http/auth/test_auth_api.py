"""Auth under our address: what passes, what we add before it, and who may read it."""

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from db.users import signups, users
from tests.handlers.http.auth.conftest import APP, Client, somebody
from tests.kit.waiting import until

NEW_SHAPE = {"X-Supabase-Api-Version": "2024-01-01"}
PREFLIGHT = (
    "apikey, authorization, content-type, x-client-info, x-supabase-api-version, x-forwarded-host"
)


async def test_a_sign_up_is_answered_as_supabase_answers(client: Client) -> None:
    who = somebody()
    told = await client.ask("POST", "/signup", json=who)
    assert told.status == 200
    assert told.json["email"] == who["email"]
    assert told.headers["cache-control"] == "no-store"
    assert told.headers["content-type"].startswith("application/json")
    user = client.project.store.by_email(who["email"])
    assert user is not None
    assert told.json["id"] == user.id

    async def kept() -> users.UserRow | None:
        async with client.api.services.users.accounts.database.transaction() as session:
            return await users.find(session, user.id)

    await client.api.services.auth.close()
    row = await kept()
    assert row is not None
    assert row.email == who["email"]


async def test_refusals_keep_their_status_code_and_header(client: Client) -> None:
    told = await client.ask("POST", "/signup", json={**somebody(), "password": "x"})
    assert (told.status, told.json["error_code"]) == (422, "weak_password")
    assert told.headers["x-sb-error-code"] == "weak_password"
    assert told.json["weak_password"] == {"reasons": ["length"]}
    told = await client.ask("POST", "/login", json=somebody(), headers=NEW_SHAPE)
    assert told.json == {"code": "invalid_credentials", "message": "Invalid login credentials"}
    assert told.headers["x-supabase-api-version"] == "2024-01-01"


@pytest.mark.parametrize("status", [418, 429, 500, 503])
async def test_unknown_codes_pass_too(client: Client, status: int) -> None:
    client.outside.spoil(
        vendor="supabase", operation="signup", status=status, code="never_heard", retry_after=7
    )
    told = await client.ask("POST", "/signup", json=somebody())
    assert (told.status, told.json["error_code"]) == (status, "never_heard")
    assert (told.headers["x-sb-error-code"], told.headers["retry-after"]) == ("never_heard", "7")


async def test_a_whole_session_from_sign_up_to_sign_out(client: Client) -> None:
    who = somebody()
    await client.ask("POST", "/signup", json=who)
    mail = client.project.store.mails[-1]
    code = {"type": "signup", "email": who["email"], "token": mail.code}
    first = await client.ask("POST", "/verify", json=code)
    assert first.status == 200
    session = (await client.ask("POST", "/login", json=who)).json
    again = await client.ask("POST", "/refresh", json={"refresh_token": session["refresh_token"]})
    bearer = {"Authorization": f"Bearer {again.json['access_token']}"}
    assert (await client.ask("GET", "/user", headers=bearer)).json["email"] == who["email"]
    named = await client.ask("PUT", "/user", json={"data": {"name": "O"}}, headers=bearer)
    assert named.json["user_metadata"]["name"] == "O"
    gone = await client.ask("POST", "/logout?scope=global", headers=bearer)
    assert (gone.status, gone.text) == (204, "")
    after = await client.ask("GET", "/user", headers=bearer)
    assert (after.status, after.json["error_code"]) == (403, "session_not_found")


async def test_supabases_own_paths_answer_as_well(client: Client) -> None:
    who = somebody()
    await client.ask("POST", "/signup", json=who)
    told = await client.ask("POST", "/token?grant_type=password", json=who)
    assert told.json["error_code"] == "email_not_confirmed"
    assert (await client.ask("POST", "/recover", json={"email": who["email"]})).json == {}
    told = await client.ask("POST", "/resend", json={"type": "signup", "email": who["email"]})
    assert told.json["error_code"] == "over_email_send_rate_limit"
    keys = await client.ask("GET", "/.well-known/jwks.json")
    assert keys.json["keys"][0]["alg"] == "ES256"
    assert (await client.ask("GET", "/settings")).json["external"]["email"] is True


async def test_seven_operations_go_with_the_publishable_key_and_the_captcha(
    client: Client,
) -> None:
    """Findings 1: with the secret key Supabase would skip its captcha."""
    settings = client.project.store.settings
    settings.captcha = True
    bearer = {"Authorization": "Bearer sb_secret_stolen", "apikey": "sb_secret_stolen"}
    bare = {**somebody(), "refresh_token": "0123456789ab", "type": "signup"}
    seen = {**bare, "gotrue_meta_security": {"captcha_token": "seen"}}
    try:
        for path in ("/signup", "/login", "/token?grant_type=password", "/recover", "/resend"):
            refused = await client.ask("POST", path, json=bare, headers=bearer)
            assert refused.json["error_code"] == "captcha_failed", path
            passed = await client.ask("POST", path, json=seen, headers=bearer)
            assert passed.headers.get("x-sb-error-code") != "captcha_failed", path
        for path in ("/refresh", "/verify"):
            assert (await client.ask("POST", path, json=bare, headers=bearer)).status in (400, 403)
    finally:
        settings.captcha = False
    for operation in ("signup", "token", "recover", "resend", "verify"):
        for entry in client.journal(operation):
            assert "Authorization" not in entry["request"]["headers"]


async def test_a_fake_answer_makes_no_user(client: Client) -> None:
    who = somebody()
    await client.ask("POST", "/signup", json=who)
    user = client.project.store.by_email(who["email"])
    assert user is not None
    user.confirm(client.project.store.now())
    told = await client.ask("POST", "/signup", json=who)
    assert (told.status, told.json["identities"]) == (200, [])
    await client.api.services.auth.close()
    async with client.api.services.users.accounts.database.transaction() as session:
        assert await users.find(session, told.json["id"]) is None
        assert await users.find(session, user.id) is not None


async def test_a_lost_answer_leaves_an_intent_to_be_looked_up(client: Client) -> None:
    who = somebody()
    client.outside.spoil(vendor="supabase", operation="signup", kind="lost_reply")
    told = await client.ask("POST", "/signup", json=who)
    assert (told.status, told.json["error_code"]) == (502, "unexpected_failure")
    assert client.project.store.by_email(who["email"])
    accounts = client.api.services.users.accounts
    async with accounts.database.transaction() as session:
        later = accounts.clock() + timedelta(seconds=1)
        left = await signups.unresolved(session, later, 1_000)
    assert [one.email for one in left].count(who["email"]) == 1


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [("huge", 502, "unexpected_failure"), ("cut", 502, "unexpected_failure")],
)
async def test_an_answer_that_is_none_is_told_as_auth_would(
    client: Client, kind: str, status: int, code: str
) -> None:
    client.outside.spoil(vendor="supabase", operation="signup", kind=kind)
    told = await client.ask("POST", "/signup", json=somebody())
    assert (told.status, told.json["error_code"]) == (status, code)


async def test_a_body_that_is_no_json_is_supabases_to_refuse(client: Client) -> None:
    told = await client.ask("POST", "/signup", data=b"{")
    assert (told.status, told.json["error_code"]) == (400, "bad_json")


async def test_a_large_body_never_leaves(client: Client) -> None:
    before = len(client.journal("signup"))
    told = await client.ask("POST", "/signup", data=b'{"a":"' + b"x" * 70_000 + b'"}')
    assert (told.status, told.json["error_code"]) == (413, "request_entity_too_large")
    assert told.headers["x-sb-error-code"] == "request_entity_too_large"
    assert len(client.journal("signup")) == before


async def test_our_own_refusals_have_auths_shape_in_both_versions(client: Client) -> None:
    bad = "/signup?redirect_to=javascript:alert(1)"
    told = await client.ask("POST", bad, json=somebody())
    assert told.json["code"] == 400
    assert told.json["error_code"] == "validation_failed"
    told = await client.ask("POST", bad, json=somebody(), headers=NEW_SHAPE)
    assert told.json["code"] == "validation_failed"
    assert told.headers["x-supabase-api-version"] == "2024-01-01"


async def test_the_redirect_reaches_the_link(client: Client) -> None:
    back = "https://app.example/a/b?x=1&y=%2F#z"
    await client.ask("POST", "/signup", json={**somebody(), "redirect_to": back})
    link = urlsplit(client.project.store.mails[-1].link)
    assert parse_qs(link.query)["redirect_to"] == [back]


async def test_a_preflight_allows_whatever_the_library_has_begun_to_send(client: Client) -> None:
    """Findings 10."""
    asked = {
        "Origin": APP,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": PREFLIGHT,
    }
    told = await client.ask("OPTIONS", "/signup", headers=asked)
    assert told.status == 204
    assert told.headers["access-control-allow-origin"] == APP
    assert told.headers["access-control-allow-headers"] == PREFLIGHT
    assert "PUT" in told.headers["access-control-allow-methods"]
    other = await client.ask("OPTIONS", "/signup", headers={**asked, "Origin": "https://x.y"})
    assert other.status == 204
    assert not [name for name in other.headers if name.startswith("access-control")]


async def test_only_listed_origins_may_read_answers(client: Client) -> None:
    told = await client.ask("POST", "/login", json=somebody(), headers={"Origin": APP})
    assert told.headers["access-control-allow-origin"] == APP
    assert "x-sb-error-code" in told.headers["access-control-expose-headers"]
    assert "retry-after" in told.headers["access-control-expose-headers"]
    # Nothing here goes by cookies.
    assert "access-control-allow-credentials" not in told.headers
    assert told.headers["vary"] == "Origin"
    for other in ("https://evil.example", "null", APP + ".evil.example", APP.upper()):
        told = await client.ask("POST", "/login", json=somebody(), headers={"Origin": other})
        assert "access-control-allow-origin" not in told.headers
        assert told.headers["vary"] == "Origin"


async def test_a_page_reads_why_it_was_refused_too(client: Client) -> None:
    told = await client.ask("GET", "/nothing", headers={"Origin": APP})
    assert (told.status, told.code) == (404, "not_found")
    assert told.headers["access-control-allow-origin"] == APP


async def test_no_page_calls_the_admins_api(client: Client) -> None:
    asked = {"Origin": APP, "Access-Control-Request-Method": "GET"}
    for path in ("/api/customers", "/core/v1/admin/users"):
        told = await client.api.call("OPTIONS", path, headers=asked)
        assert "access-control-allow-origin" not in told.headers


async def test_what_supabase_says_of_origins_is_not_ours(client: Client) -> None:
    told = await client.ask("POST", "/login", json=somebody())
    assert "access-control-allow-origin" not in told.headers
    assert "set-cookie" not in told.headers


async def test_a_user_hangs_up_and_is_provisioned_all_the_same(client: Client) -> None:
    who = somebody()
    client.outside.spoil(vendor="supabase", operation="signup", kind="slow", seconds=0.2)
    asking = client.api.client.post("/core/v1/auth/signup", data=json.dumps(who), timeout=0.05)
    with pytest.raises(TimeoutError):
        await asking
    await until(lambda: client.project.store.by_email(who["email"]))
