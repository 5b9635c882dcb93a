"""People sign up through the running product as they would at Supabase, and are provisioned."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
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
from services import Services
from tests.journeys.ledger import Ledger
from tests.journeys.provisioned import has_all_once, provisioned
from tests.kit.node import run_node
from tests.kit.product import Product, free_port
from tests.kit.waiting import until
from tests.kit.wired import foundation, wired

HERE = Path(__file__).parent / "supabase_client"
BACK = "https://app.example/a/b?x=1&y=%2F#z"
SIGN_UP = "/core/v1/auth/signup"
RECOVERY_SECONDS = 120
# So late is a trigger that the test lets come when the order is sure.
NOT_BY_ITSELF = 3_600.0
SIGNED_UP = text("""
SELECT (SELECT count(*) FROM users WHERE email = :email),
    (SELECT count(*) FROM operations WHERE subject_id = :user),
    (SELECT count(*) FROM credit_transactions WHERE user_id = :user)
""")
AGED = text("UPDATE signup_intents SET created_at = created_at - interval '6 minutes'")


@pytest_asyncio.fixture
async def http(product: Product) -> AsyncIterator[httpx.AsyncClient]:
    """A client app."""
    async with httpx.AsyncClient(base_url=product.url, trust_env=False, timeout=30) as made:
        yield made


@pytest.fixture
def project(sandbox: Sandbox) -> Iterator[AuthStore]:
    """The Supabase project, set as before when the test is over."""
    store = sandbox.of(SupabaseAuth).store
    before = replace(store.settings)
    yield store
    store.settings = before


def somebody() -> dict[str, str]:
    """Who is new."""
    return {"email": f"{uuid4().hex}@shop.example", "password": "correct horse"}


@pytest_asyncio.fixture
async def both(
    http: httpx.AsyncClient, environment: dict[str, str], tmp_path: Path
) -> AsyncIterator[tuple[httpx.AsyncClient, httpx.AsyncClient]]:
    """The client app at the running process and at a second one."""
    second = Product({**environment, "PORT": str(free_port())}, tmp_path / "beside.log")
    await second.start()
    async with httpx.AsyncClient(base_url=second.url, trust_env=False, timeout=30) as made:
        yield http, made
    assert await second.stop() == 0, second.log()[-4000:]


def is_active(sandbox: Sandbox, user_id: str) -> bool:
    """Whether the profile in Supabase says that the user has credits and a key."""
    row = sandbox.of(SupabaseAuth).profiles.rows.get(user_id, {})
    return row.get("openrouter_provisioning_status") == "active"


async def is_known(database: Database, user_id: str) -> bool:
    """Whether we have a row of the user."""
    async with database.transaction() as session:
        return await users.find(session, user_id) is not None


async def ends_right(inside: Services, database: Database, sandbox: Sandbox, user_id: str) -> None:
    """Our profile and Supabase's say the same, and the user has everything once."""
    user = await inside.users.accounts.get(user_id)
    await provisioned(inside, user)
    await has_all_once(inside, database, sandbox, user)
    async with database.transaction() as session:
        ours = await users.profile(session, user_id)
    assert ours is not None
    row = sandbox.of(SupabaseAuth).profiles.rows[user_id]
    assert ours.mirror_due_at is None
    assert (row["id"], row["email"]) == (ours.id, ours.email)
    assert row["openrouter_key_name"] == ours.openrouter_key_name
    assert row["openrouter_provisioning_status"] == ours.openrouter_provisioning_status


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


@pytest.mark.parametrize("email_gap", [60, 0], ids=["auth_refuses_all_but_one", "auth_takes_all"])
async def test_duplicate_sign_ups_at_one_moment_in_two_processes_are_one_user_with_one_grant(
    both: tuple[httpx.AsyncClient, httpx.AsyncClient],
    inside: Services,
    database: Database,
    project: AuthStore,
    sandbox: Sandbox,
    email_gap: float,
) -> None:
    project.settings.email_gap = email_gap
    who = somebody()
    told = await asyncio.gather(*(way.post(SIGN_UP, json=who) for way in both * 3))
    assert {one.status_code for one in told} == ({200, 429} if email_gap else {200})
    made = project.by_email(who["email"])
    assert made is not None
    assert {one.json()["id"] for one in told if one.status_code == 200} == {made.id}
    await until(lambda: is_active(sandbox, made.id), RECOVERY_SECONDS)
    await provisioned(inside, await inside.users.accounts.get(made.id))
    await has_all_once(inside, database, sandbox, await inside.users.accounts.get(made.id))
    async with database.transaction() as session:
        found = await session.execute(SIGNED_UP, {"email": who["email"], "user": made.id})
    assert tuple(found.one()) == (1, 1, 1)


async def test_a_profile_trigger_that_comes_last_changes_nothing(
    http: httpx.AsyncClient,
    inside: Services,
    database: Database,
    project: AuthStore,
    sandbox: Sandbox,
) -> None:
    profiles = sandbox.of(SupabaseAuth).profiles
    project.settings.profile_delay = NOT_BY_ITSELF
    told = (await http.post(SIGN_UP, json=somebody())).json()
    await until(lambda: is_active(sandbox, told["id"]), RECOVERY_SECONDS)
    written = dict(profiles.rows[told["id"]])
    assert profiles.trigger_now() == 1
    assert profiles.rows[told["id"]] == written
    await ends_right(inside, database, sandbox, told["id"])


async def test_a_profile_trigger_between_two_tries_of_ours_is_written_over(
    http: httpx.AsyncClient,
    inside: Services,
    database: Database,
    project: AuthStore,
    sandbox: Sandbox,
    ledger: Ledger,
) -> None:
    profiles = sandbox.of(SupabaseAuth).profiles
    project.settings.profile_delay = NOT_BY_ITSELF
    ledger.plan(Fault("postgrest", "profiles.write", status=503, times=None))
    told = (await http.post(SIGN_UP, json=somebody())).json()
    await ledger.answered("postgrest", 1)
    assert profiles.trigger_now() == 1
    assert profiles.rows[told["id"]]["openrouter_provisioning_status"] is None
    ledger.mend()
    await until(lambda: is_active(sandbox, told["id"]), RECOVERY_SECONDS)
    await ends_right(inside, database, sandbox, told["id"])


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
