"""People sign up through the running product as they would at Supabase, and are provisioned."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text

from db.store.session import Database
from db.users import users
from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.supabase_auth.store import AuthStore
from integrations.sandbox.supabase_auth.vendor import SupabaseAuth
from tests.journeys.ledger import Ledger
from tests.kit.node import run_node
from tests.kit.product import Product
from tests.kit.waiting import until
from tests.kit.wired import foundation, wired

HERE = Path(__file__).parent / "supabase_client"
BACK = "https://app.example/a/b?x=1&y=%2F#z"
SIGN_UP = "/core/v1/auth/signup"
RECOVERY_SECONDS = 60
AGED = text("UPDATE signup_intents SET created_at = created_at - interval '6 minutes'")


@pytest_asyncio.fixture
async def http(product: Product) -> AsyncIterator[httpx.AsyncClient]:
    """A client app."""
    async with httpx.AsyncClient(base_url=product.url, trust_env=False, timeout=30) as made:
        yield made


@pytest.fixture
def project(sandbox: Sandbox) -> AuthStore:
    """The Supabase project."""
    return sandbox.of(SupabaseAuth).store


def somebody() -> dict[str, str]:
    """Who is new."""
    return {"email": f"{uuid4().hex}@shop.example", "password": "correct horse"}


def is_active(sandbox: Sandbox, user_id: str) -> bool:
    """Whether the profile in Supabase says that the user has credits and a key."""
    row = sandbox.of(SupabaseAuth).profiles.rows.get(user_id, {})
    return row.get("openrouter_provisioning_status") == "active"


async def is_known(database: Database, user_id: str) -> bool:
    """Whether we have a row of the user."""
    async with database.transaction() as session:
        return await users.find(session, user_id) is not None


@pytest.mark.skipif(shutil.which("npm") is None, reason="no Node here")
async def test_supabases_own_client_works_with_our_address(
    product: Product,
    environment: dict[str, str],
    database: Database,
    project: AuthStore,
    sandbox: Sandbox,
) -> None:
    who = somebody()
    panel = environment["SUPABASE_URL"].removesuffix("/supabase")
    scene = {**who, "back": BACK, "panel": panel}
    said = await run_node(HERE, f"{product.url}/core/v1/auth", json.dumps(scene))
    told: dict[str, Any] = json.loads(said)
    user = project.by_email(who["email"])
    assert user is not None
    assert told["id"] == told["confirmed"] == user.id
    assert told["waits"]
    assert parse_qs(urlsplit(told["link"]).query)["redirect_to"] == [BACK]
    assert (told["weak"]["code"], told["weak"]["reasons"]) == ("weak_password", ["length"])
    assert told["early"]["code"] == "email_not_confirmed"
    assert told["again"]["identities"] == []
    assert told["wrong"] == {
        "code": "invalid_credentials", "status": 400, "name": "AuthApiError"
    }  # fmt: skip
    assert told["signed_in"] == told["claims"] == who["email"]
    assert told["rotated"]
    assert (told["user"], told["updated"]) == ("Olga", "Olga B.")
    assert (told["forgotten"], told["resent"], told["signed_out"]) == (None, None, None)
    assert told["after"]["name"] == "AuthSessionMissingError"
    await until(lambda: is_active(sandbox, user.id), RECOVERY_SECONDS)
    assert not await is_known(database, told["again"]["id"])


async def test_a_sign_up_brings_credits_and_a_key_within_seconds(
    http: httpx.AsyncClient, database: Database, project: AuthStore, sandbox: Sandbox
) -> None:
    who = somebody()
    told = (await http.post(SIGN_UP, json=who)).json()
    await until(lambda: is_active(sandbox, told["id"]))
    code = {"type": "signup", "email": who["email"], "token": project.mails[-1].code}
    session = (await http.post("/core/v1/auth/verify", json=code)).json()
    bearer = {"Authorization": f"Bearer {session['access_token']}"}
    balance = await http.get("/core/v1/credits/balance", headers=bearer)
    assert balance.status_code == 200, balance.text
    assert balance.json()["balance"] > 0


async def test_duplicate_sign_ups_at_one_moment_are_one_user_with_one_grant(
    http: httpx.AsyncClient, database: Database, project: AuthStore, sandbox: Sandbox
) -> None:
    who = somebody()
    told = await asyncio.gather(*(http.post(SIGN_UP, json=who) for _ in range(6)))
    assert {one.status_code for one in told} == {200, 429}
    user = project.by_email(who["email"])
    assert user is not None
    await until(lambda: is_active(sandbox, user.id), RECOVERY_SECONDS)
    assert {one.json()["id"] for one in told if one.status_code == 200} == {user.id}


async def test_a_kill_between_supabases_yes_and_our_row_is_healed(
    http: httpx.AsyncClient,
    product: Product,
    environment: dict[str, str],
    database: Database,
    sandbox: Sandbox,
    ledger: Ledger,
) -> None:
    who, project = somebody(), sandbox.of(SupabaseAuth).store
    hold = ledger.plan(Fault("supabase", "signup", "slow", seconds=0.5))
    asking = asyncio.create_task(http.post(SIGN_UP, json=who))
    await ledger.spoiled(hold)
    product.kill()
    with pytest.raises(httpx.TransportError):
        await asking
    # What arrived whole is carried out, even if whoever asked is gone by then.
    await until(lambda: project.by_email(who["email"]))
    await product.start()
    user = project.by_email(who["email"])
    assert user is not None
    assert not await is_known(database, user.id)
    # The reconciler looks at what is five minutes old: the clock would bring it by itself.
    async with database.transaction() as session:
        await session.execute(AGED)
    settings = {name.lower(): value for name, value in environment.items() if "SUPABASE" in name}
    async with wired(foundation(database, **settings)) as beside:
        assert (await beside.services.users.reconciler.look()).adopted >= 1
    await until(lambda: is_active(sandbox, user.id), RECOVERY_SECONDS)
