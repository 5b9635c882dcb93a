"""Requests pass to Auth as they are, and only a true sign-up starts anything."""

import asyncio
import json
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlmodel import select
from structlog.testing import capture_logs

from bot.wiring.foundation import now
from db.auth import AuthWindows
from db.store.asyncpg_pool import AsyncpgPool
from db.store.session import Database
from db.users.signups import SignUpIntentRow
from integrations.errors import AuthExpired, RefusedByVendor, Unreachable
from integrations.supabase.proxy import AuthTimedOut
from integrations.supabase.types import AuthRequest, AuthResponse
from services.auth import Action, AuthCall, AuthForwarder, AuthLimits, AuthRefused
from services.users import SignedUp
from tests.kit.auth_stage import FakeAuth, FakeUsers

OLGA = "olga@shop.example"
ID = "7b0c1d52-4a6e-4f0e-9a53-2f1f6f1f0c11"
USER = {
    "id": ID,
    "email": OLGA,
    "role": "authenticated",
    "identities": [{"provider": "email"}],
    "email_confirmed_at": None,
}
FAKE = {**USER, "role": "", "identities": []}
SESSION = {
    "access_token": "eyJ.e.s",
    "user": {**USER, "email_confirmed_at": "2026-11-28T09:00:00.123456Z"},
}


@pytest.fixture
def auth() -> FakeAuth:
    return FakeAuth(body=json.dumps(USER).encode())


@pytest.fixture
def users() -> FakeUsers:
    return FakeUsers()


@pytest_asyncio.fixture
async def limits(database: Database) -> AsyncIterator[AuthLimits]:
    pool = AsyncpgPool(database.url)
    yield AuthLimits(AuthWindows(pool), now)
    await pool.close()


@pytest_asyncio.fixture
async def forwarder(
    auth: FakeAuth, users: FakeUsers, limits: AuthLimits
) -> AsyncIterator[AuthForwarder]:
    made = AuthForwarder(auth, users, limits)
    yield made
    await made.close()


def call(action: Action = Action.SIGN_UP, body: bytes | None = None, **more: object) -> AuthCall:
    """A request from an address of its own, with an e-mail address of its own."""
    given = {"email": f"{uuid4().hex}@shop.example", "password": "correct horse"}
    network = str(more.pop("network", uuid4().hex))
    raw = json.dumps(given).encode() if body is None else body
    return AuthCall(action, "POST", network, body=raw, **more)


async def test_a_true_sign_up_is_told_after_auth_said_yes(
    forwarder: AuthForwarder, auth: FakeAuth, users: FakeUsers
) -> None:
    asked = call(query=(("x", "1"),), headers=(("X-Client-Info", "js"),))
    answer = await forwarder.forward(asked)
    assert (answer.status, answer.body) == (200, auth.body)
    (seen,) = auth.asked
    assert (seen.path, seen.query, seen.headers) == ("/signup", asked.query, asked.headers)
    assert seen.body == asked.body
    await forwarder.close()
    assert users.names() == ["signed_up"]
    assert users.heard[0][1] == SignedUp(ID, OLGA)


async def test_a_session_has_its_user_inside(
    forwarder: AuthForwarder, auth: FakeAuth, users: FakeUsers
) -> None:
    auth.body = json.dumps(SESSION).encode()
    await forwarder.forward(call())
    await forwarder.close()
    _, who = users.heard[0]
    assert isinstance(who, SignedUp)
    assert (who.user_id, who.confirmed_at is not None) == (ID, True)


async def test_the_intent_is_kept_before_auth_is_asked(
    users: FakeUsers, limits: AuthLimits, database: Database
) -> None:
    """Whoever dies between Auth's yes and our row leaves it to the reconciler."""
    kept: list[SignUpIntentRow] = []

    class Looking(FakeAuth):
        async def send(self, asked: AuthRequest) -> AuthResponse:
            email = json.loads(asked.body)["email"]
            async with database.transaction() as session:
                query = select(SignUpIntentRow).where(SignUpIntentRow.email == email)
                kept.extend((await session.exec(query)).all())
            raise Unreachable("supabase")

    made = AuthForwarder(Looking(), users, limits)
    with pytest.raises(AuthRefused):
        await made.forward(call())
    (intent,) = kept
    assert (intent.outcome, intent.id[:4]) == ("", "sui_")


async def test_what_the_limits_refuse_keeps_no_intent(
    forwarder: AuthForwarder, database: Database
) -> None:
    address = f"{uuid4().hex}@shop.example"
    body = json.dumps({"email": address}).encode()
    told = await asyncio.gather(
        *(forwarder.forward(call(body=body)) for _ in range(14)), return_exceptions=True
    )
    assert sum(isinstance(one, AuthRefused) for one in told) == 4
    async with database.transaction() as session:
        query = select(SignUpIntentRow).where(SignUpIntentRow.email == address)
        assert len((await session.exec(query)).all()) == 10


async def test_the_fake_user_of_a_known_address_starts_nothing(
    forwarder: AuthForwarder, auth: FakeAuth, users: FakeUsers
) -> None:
    auth.body = json.dumps(FAKE).encode()
    await forwarder.forward(call())
    await forwarder.close()
    assert users.names() == ["not_signed_up"]


@pytest.mark.parametrize(
    ("status", "then"),
    [
        (400, ["not_signed_up"]),
        (422, ["not_signed_up"]),
        (429, ["not_signed_up"]),
        (408, []),
        (500, []),
        (503, []),
        (303, []),
    ],
)
async def test_what_auth_surely_refused_is_told_and_the_rest_is_left_to_be_looked_up(
    forwarder: AuthForwarder, auth: FakeAuth, users: FakeUsers, status: int, then: list[str]
) -> None:
    auth.status, auth.body = status, b'{"error_code":"brand_new","x":[1 ]}'
    answer = await forwarder.forward(call())
    assert (answer.status, answer.body) == (status, auth.body)
    await forwarder.close()
    assert users.names() == then


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b'{"id": "x", "email": "a@b.example"}'])
async def test_an_answer_nobody_can_read_passes_and_is_looked_up_later(
    forwarder: AuthForwarder, auth: FakeAuth, users: FakeUsers, body: bytes
) -> None:
    auth.body = body
    assert (await forwarder.forward(call())).body == body
    await forwarder.close()
    assert users.names() == []


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (AuthTimedOut("supabase"), 504, "request_timeout"),
        (Unreachable("supabase"), 502, "unexpected_failure"),
        (RefusedByVendor("supabase", "too_large"), 502, "unexpected_failure"),
        (AuthExpired("supabase"), 503, "feature_disabled"),
    ],
)
async def test_without_an_answer_the_intent_stays(
    forwarder: AuthForwarder,
    auth: FakeAuth,
    users: FakeUsers,
    error: Unreachable,
    status: int,
    code: str,
) -> None:
    auth.error = error
    with pytest.raises(AuthRefused) as refused:
        await forwarder.forward(call())
    assert (refused.value.status, refused.value.code) == (status, code)
    await forwarder.close()
    assert users.names() == []


async def test_what_fails_beside_the_answer_is_written_down(
    forwarder: AuthForwarder, users: FakeUsers
) -> None:
    users.bug = RuntimeError("database")
    with capture_logs() as logs:
        assert (await forwarder.forward(call())).status == 200
        await forwarder.close()
        await asyncio.sleep(0)
    assert [line["event"] for line in logs] == ["auth.not_written"]


async def test_sixty_sign_ups_of_one_network_reach_auth_thirty_times(
    forwarder: AuthForwarder, auth: FakeAuth
) -> None:
    """Findings 2: one person's tries leave room for everybody else's."""
    told = await asyncio.gather(
        *(forwarder.forward(call(network="198.51.100.7")) for _ in range(60)),
        return_exceptions=True,
    )
    refused = [one for one in told if isinstance(one, AuthRefused)]
    assert len(auth.asked) == 30
    assert len(refused) == 30
    assert {(one.status, one.code) for one in refused} == {(429, "over_request_rate_limit")}
    assert all(0 < int(one.headers["Retry-After"]) <= 300 for one in refused)
    assert (await forwarder.forward(call(network="198.51.100.8"))).status == 200


async def test_one_address_gets_ten_e_mails_an_hour_however_its_name_is_written(
    forwarder: AuthForwarder, auth: FakeAuth
) -> None:
    """Go's reader takes field names in any case, and of equal ones the last."""
    address = f"{uuid4().hex}@shop.example"
    bodies = (
        json.dumps({"email": address}),
        json.dumps({"EMAIL": address.upper()}),
        f'{{"email":"other@x.example","email":"{address}"}}',
    )
    actions = (Action.SIGN_UP, Action.RECOVER, Action.RESEND)
    for number in range(10):
        body = bodies[number % 3].encode()
        await forwarder.forward(call(actions[number % 3], body))
    with pytest.raises(AuthRefused) as refused:
        await forwarder.forward(call(Action.RECOVER, bodies[1].encode()))
    assert refused.value.status == 429
    assert len(auth.asked) == 10


async def test_passwords_are_not_tried_without_end(
    forwarder: AuthForwarder, auth: FakeAuth
) -> None:
    body = json.dumps({"email": f"{uuid4().hex}@shop.example", "password": "x"}).encode()
    grant = (("grant_type", "password"),)
    auth.status = 400
    for _ in range(30):
        await forwarder.forward(call(Action.TOKEN, body, query=grant))
    with pytest.raises(AuthRefused):
        await forwarder.forward(call(Action.TOKEN, body, query=grant))
    refresh = (("grant_type", "refresh_token"),)
    assert (await forwarder.forward(call(Action.TOKEN, body, query=refresh))).status == 400


@pytest.mark.parametrize("where", ["query", "body"])
async def test_the_clients_own_redirect_passes_as_it_is(
    forwarder: AuthForwarder, auth: FakeAuth, where: str
) -> None:
    """Findings 11."""
    back = "https://app.example/a/b?x=1&y=%2F#z"
    body = json.dumps({"email": f"{uuid4().hex}@x.example", "redirect_to": back}).encode()
    if where == "query":
        body = body.replace(b"/a/b", b"/other")
    query = (("redirect_to", back),) if where == "query" else ()
    await forwarder.forward(call(Action.SIGN_UP, body, query=query))
    assert auth.asked[0].query == (("redirect_to", back),)


@pytest.mark.parametrize("good", ["myapp://welcome", "http://localhost:5173/", "com.x.app:/a"])
async def test_an_apps_own_scheme_is_a_redirect(
    forwarder: AuthForwarder, auth: FakeAuth, good: str
) -> None:
    await forwarder.forward(call(query=(("redirect_to", good),)))
    assert len(auth.asked) == 1


@pytest.mark.parametrize(
    "bad",
    [
        "javascript:alert(1)",
        "JavaScript://x/%0aalert(1)",
        "data:text/html,x",
        "/welcome",
        "https://",
        "https://a:b@app.example/",
        "https://app.example/ x",
        "https://app.example/" + "x" * 2_000,
        "https://[::1",
    ],
)
async def test_what_no_link_may_lead_to_is_refused_and_changes_nothing(
    forwarder: AuthForwarder, auth: FakeAuth, users: FakeUsers, bad: str
) -> None:
    with pytest.raises(AuthRefused) as refused:
        await forwarder.forward(call(query=(("redirect_to", bad),)))
    assert (refused.value.status, refused.value.code) == (400, "validation_failed")
    assert (auth.asked, users.heard) == ([], [])


async def test_a_confirmed_address_is_told(
    forwarder: AuthForwarder, auth: FakeAuth, users: FakeUsers
) -> None:
    auth.body = json.dumps(SESSION).encode()
    await forwarder.forward(call(Action.VERIFY))
    await forwarder.forward(call(Action.TOKEN, query=(("grant_type", "password"),)))
    await forwarder.forward(call(Action.TOKEN, query=(("grant_type", "refresh_token"),)))
    await forwarder.close()
    assert users.names() == ["confirmed", "confirmed"]


async def test_without_a_project_nobody_signs_up(users: FakeUsers, limits: AuthLimits) -> None:
    with pytest.raises(AuthRefused) as refused:
        await AuthForwarder(None, users, limits).forward(call())
    assert (refused.value.status, refused.value.code) == (404, "feature_disabled")
    assert users.heard == []


async def test_without_the_database_nobody_signs_up_but_people_come_in(
    auth: FakeAuth, users: FakeUsers
) -> None:
    away = AsyncpgPool("postgresql://nobody@127.0.0.1:1/none")
    made = AuthForwarder(auth, users, AuthLimits(AuthWindows(away), now))
    with pytest.raises(AuthRefused) as refused:
        await made.forward(call())
    assert refused.value.status == 503
    assert (await made.forward(call(Action.USER, b""))).status == 200
    assert [one.path for one in auth.asked] == ["/user"]


async def test_a_sign_up_without_an_address_is_auths_to_refuse(
    forwarder: AuthForwarder, auth: FakeAuth, users: FakeUsers
) -> None:
    for body in (b"", b"[1]", b"{", b'{"email":7}', b"[" * 5_000):
        await forwarder.forward(call(body=body))
    assert (len(auth.asked), users.heard) == (5, [])
