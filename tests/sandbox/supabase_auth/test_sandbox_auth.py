"""Auth on localhost answers as contract B.4 says, from sign-up to sign-out."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.sandbox.supabase_auth.auth_stage import NEW_SHAPE, OLGA, Project, bearer

BACK = "https://app.example/a/b?x=1&y=%2F#z"


async def test_without_confirmation_a_sign_up_is_a_session(supabase: Project) -> None:
    session = await supabase.signed_in()
    assert session["token_type"] == "bearer"
    assert session["expires_in"] == 3600
    assert session["user"]["email_confirmed_at"]
    assert session["user"]["identities"][0]["user_id"] == session["user"]["id"]
    again = await supabase.ask("/signup", OLGA)
    assert (again.status_code, again.json()["error_code"]) == (422, "user_already_exists")
    assert again.headers["x-sb-error-code"] == "user_already_exists"


async def test_with_confirmation_it_is_a_bare_user_then_a_look_alike(supabase: Project) -> None:
    first = (await supabase.ask("/signup", OLGA)).json()
    assert "access_token" not in first
    assert first["confirmation_sent_at"]
    assert first["identities"]
    soon = await supabase.ask("/signup", OLGA)
    assert soon.status_code == 429
    assert soon.json()["error_code"] == "over_email_send_rate_limit"
    (mail,) = supabase.store.mails
    followed = await supabase.world.http.get(mail.link)
    assert followed.status_code == 303
    assert "access_token=" in followed.headers["Location"]
    fake = (await supabase.ask("/signup", OLGA)).json()
    assert (fake["identities"], fake["role"]) == ([], "")
    assert fake["id"] != first["id"]
    assert len(supabase.store.users) == 1


async def test_a_link_works_once_and_leads_where_it_was_asked_to(supabase: Project) -> None:
    await supabase.ask("/signup", OLGA, params={"redirect_to": BACK})
    link = supabase.store.mails[0].link
    assert parse_qs(urlsplit(link).query)["redirect_to"] == [BACK]
    await supabase.world.http.get(link)
    again = (await supabase.world.http.get(link)).headers["Location"]
    assert again.startswith("https://app.example/a/b?x=1&y=%2F#error=access_denied")
    assert "error_code=otp_expired" in again


async def test_an_address_that_is_not_allowed_becomes_the_site(supabase: Project) -> None:
    await supabase.ask("/signup", OLGA, params={"redirect_to": "https://evil.example/"})
    link = supabase.store.mails[0].link
    assert parse_qs(urlsplit(link).query)["redirect_to"] == [f"{supabase.world.url}/room"]


async def test_six_digits_confirm_as_well(supabase: Project) -> None:
    await supabase.ask("/signup", OLGA)
    given = {"type": "signup", "email": OLGA["email"], "token": supabase.store.mails[0].code}
    wrong = await supabase.ask("/verify", {**given, "token": "000000x"})
    assert (wrong.status_code, wrong.json()["error_code"]) == (403, "otp_expired")
    assert (await supabase.ask("/verify", given)).json()["user"]["email_confirmed_at"]


async def test_signing_in_needs_the_password_and_a_confirmed_address(supabase: Project) -> None:
    await supabase.ask("/signup", OLGA)
    waits = await supabase.ask("/token?grant_type=password", OLGA)
    assert waits.json()["error_code"] == "email_not_confirmed"
    wrong = await supabase.ask("/token?grant_type=password", {**OLGA, "password": "no"})
    assert (wrong.status_code, wrong.json()["error_code"]) == (400, "invalid_credentials")
    stranger = await supabase.ask("/token?grant_type=password", {**OLGA, "email": "x@y.example"})
    assert stranger.json()["error_code"] == "invalid_credentials"


async def test_refresh_tokens_rotate_and_an_old_one_ends_the_family(supabase: Project) -> None:
    first = await supabase.signed_in()

    async def refresh(token: str) -> dict[str, str]:
        answer = await supabase.ask("/token?grant_type=refresh_token", {"refresh_token": token})
        told: dict[str, str] = answer.json()
        return told

    second = await refresh(first["refresh_token"])
    assert second["refresh_token"] != first["refresh_token"]
    # The answer got lost: the parent of the active one brings the active one back.
    assert (await refresh(first["refresh_token"]))["refresh_token"] == second["refresh_token"]
    third = await refresh(second["refresh_token"])
    (session,) = supabase.store.sessions.values()
    for token in session.tokens:
        token.updated_at -= timedelta(minutes=1)
    assert (await refresh(first["refresh_token"]))["error_code"] == "refresh_token_already_used"
    assert (await refresh(third["refresh_token"]))["error_code"] == "refresh_token_already_used"
    assert (await refresh("0123456789ab"))["error_code"] == "refresh_token_not_found"


@pytest.mark.parametrize(("scope", "left"), [("local", 1), ("others", 1), ("global", 0), ("", 0)])
async def test_signing_out_ends_the_sessions_of_its_scope(
    supabase: Project, scope: str, left: int
) -> None:
    session = await supabase.signed_in()
    await supabase.ask("/token?grant_type=password", OLGA)
    query = {"scope": scope} if scope else {}
    gone = await supabase.ask("/logout", headers=bearer(session), params=query)
    assert (gone.status_code, len(supabase.store.sessions)) == (204, left)
    wrong = await supabase.ask("/logout", headers=bearer(session), params={"scope": "all"})
    assert wrong.status_code in (400, 403)


async def test_a_user_reads_and_changes_their_own(supabase: Project) -> None:
    session = await supabase.signed_in()
    own = {"headers": bearer(session)}
    assert (await supabase.ask("/user", method="GET", **own)).json()["email"] == OLGA["email"]
    told = await supabase.ask("/user", {"data": {"name": "Olga"}}, method="PUT", **own)
    assert told.json()["user_metadata"]["name"] == "Olga"
    same = await supabase.ask("/user", {"password": OLGA["password"]}, method="PUT", **own)
    assert same.json()["error_code"] == "same_password"
    moved = await supabase.ask("/user", {"email": "o@new.example"}, method="PUT", **own)
    assert moved.json()["new_email"] == "o@new.example"
    await supabase.world.http.get(supabase.store.mails[-1].link)
    assert supabase.store.by_email("o@new.example")
    none = await supabase.ask("/user", method="GET")
    assert (none.status_code, none.json()["error_code"]) == (401, "no_authorization")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"password": "short"}, 422, "weak_password"),
        ({"password": "x" * 73}, 400, "validation_failed"),
        ({"password": ""}, 400, "validation_failed"),
        ({"email": "nobody"}, 400, "validation_failed"),
        ({"email": ""}, 422, "anonymous_provider_disabled"),
        ({"email": 7}, 400, "bad_json"),
        ({"phone": "+391"}, 400, "validation_failed"),
    ],
)
async def test_a_bad_sign_up_is_refused_by_code(
    supabase: Project, change: dict[str, object], status: int, code: str
) -> None:
    reply = await supabase.ask("/signup", {**OLGA, **change})
    assert (reply.status_code, reply.json()["error_code"]) == (status, code)
    assert reply.json()["code"] == status
    assert not supabase.store.users


async def test_the_version_header_chooses_the_shape(supabase: Project) -> None:
    reply = await supabase.ask("/signup", {**OLGA, "password": "short"}, headers=NEW_SHAPE)
    assert reply.headers["X-Supabase-Api-Version"] == "2024-01-01"
    assert reply.json() == {
        "code": "weak_password",
        "message": "Password should be at least 6 characters.",
        "weak_password": {"reasons": ["length"]},
    }


async def test_a_captcha_is_asked_of_everybody_but_the_secret_key(supabase: Project) -> None:
    supabase.store.settings.captcha = True
    refused = await supabase.ask("/signup", OLGA)
    assert (refused.status_code, refused.json()["error_code"]) == (400, "captcha_failed")
    told = {**OLGA, "gotrue_meta_security": {"captcha_token": "seen"}}
    assert (await supabase.ask("/signup", told)).status_code == 200
    other = {**OLGA, "email": "b@shop.example"}
    assert (await supabase.ask("/signup", other, headers=supabase.secret)).status_code == 200
    assert (await supabase.ask("/recover", OLGA)).json()["error_code"] == "captcha_failed"


async def test_the_mail_quota_of_the_project_takes_the_sign_up_back(supabase: Project) -> None:
    supabase.store.settings.emails_per_hour = 0
    reply = await supabase.ask("/signup", OLGA)
    assert (reply.status_code, reply.json()["msg"]) == (429, "email rate limit exceeded")
    assert not supabase.store.users


async def test_the_keys_count_before_anything_else(supabase: Project) -> None:
    url = f"{supabase.auth}/signup"
    assert (await supabase.world.http.post(url, json=OLGA)).status_code == 401
    wrong = await supabase.world.http.post(url, json=OLGA, headers={"apikey": "sb_secret_x"})
    assert wrong.json()["message"] == "Invalid API key"
    browser = {**supabase.secret, "User-Agent": "Mozilla/5.0"}
    assert (await supabase.world.http.post(url, json=OLGA, headers=browser)).status_code == 401


async def test_recovery_says_nothing_of_who_is_known(supabase: Project) -> None:
    await supabase.signed_in()
    for email in (OLGA["email"], "nobody@shop.example"):
        reply = await supabase.ask("/recover", {"email": email})
        assert (reply.status_code, reply.json()) == (200, {})
    assert [mail.kind for mail in supabase.store.mails] == ["recovery"]
