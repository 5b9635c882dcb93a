"""Users and credits of the running program: provisioned over HTTP, signed in, booked once."""

import asyncio
import sys
from typing import Any
from uuid import uuid4

import httpx
import pytest_asyncio

from tests.kit.product import Product

USERS = "/core/v1/admin/users"


@pytest_asyncio.fixture
async def admin(product: Product, environment: dict[str, str]) -> dict[str, str]:
    """The header of a key made with `python -m bot admin-key`."""
    said = await run(environment, "admin-key", f"Journey {uuid4().hex[:8]}")
    return {"X-Admin-Key": next(word for word in said.split() if word.startswith("adm_"))}


async def run(environment: dict[str, str], *arguments: str) -> str:
    """What a command of the program prints."""
    made = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments), env=environment, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await made.communicate()
    return said.decode()


async def call(method: str, url: str, headers: dict[str, str], body: Any = None) -> Any:
    """The answer's JSON, which must be a success."""
    async with httpx.AsyncClient(trust_env=False, timeout=40) as http:
        answer = await http.request(method, url, headers=headers, json=body)
    assert answer.is_success, answer.text
    return answer.json()


async def signed_in(environment: dict[str, str]) -> dict[str, str]:
    """The bearer of somebody who has an account at Supabase Auth."""
    auth = f"{environment['SUPABASE_URL']}/auth/v1"
    who = {"email": f"{uuid4().hex}@example.com", "password": "correct horse battery staple"}
    secret = {"apikey": environment["SUPABASE_SECRET_KEY"]}
    await call("POST", f"{auth}/admin/users", secret, {**who, "email_confirm": True})
    public = {"apikey": environment["SUPABASE_PUBLISHABLE_KEY"]}
    session = await call("POST", f"{auth}/token?grant_type=password", public, who)
    return {"Authorization": f"Bearer {session['access_token']}"}


async def test_a_user_created_over_http_has_a_key_when_the_answer_comes(
    product: Product, environment: dict[str, str], admin: dict[str, str]
) -> None:
    email = f"{uuid4().hex}@example.com"
    wish = {**admin, "Idempotency-Key": uuid4().hex, "Prefer": "wait=30"}
    user = await call("POST", product.url + USERS, wish, {"email": email, "credits": 70})
    assert (user["openrouter_provisioned"], user["credits"]) == (True, 70)
    again = await call("POST", product.url + USERS, wish, {"email": email, "credits": 70})
    assert again == user
    assert user["id"] in await run(environment, "users", "--provisioned")
    assert user["id"] not in await run(environment, "users", "--unprovisioned")
    usage = await call("GET", f"{product.url}{USERS}/{user['id']}?usage=true", admin)
    assert usage["usage"]["left"] == user["openrouter_key_limit"]


async def test_credits_whose_reply_was_lost_are_booked_once_after_a_kill(
    product: Product, admin: dict[str, str]
) -> None:
    wish = {**admin, "Prefer": "wait=30"}
    user = await call("POST", product.url + USERS, wish, {"email": f"{uuid4().hex}@example.com"})
    book = (f"{product.url}{USERS}/{user['id']}/credits", {**admin, "Idempotency-Key": uuid4().hex})
    lost = asyncio.create_task(call("POST", *book, {"amount": 50}))
    await asyncio.sleep(0.01)
    product.kill()
    await asyncio.gather(lost, return_exceptions=True)
    await product.start()
    first = await call("POST", *book, {"amount": 50})
    assert await call("POST", *book, {"amount": 50}) == first
    told = await call("GET", f"{product.url}{USERS}/{user['id']}", admin)
    assert told["credits"] == first["balance"] == user["credits"] + 50


async def test_who_signed_in_at_supabase_reads_their_own_balance(
    product: Product, environment: dict[str, str]
) -> None:
    bearer, credits = await signed_in(environment), f"{product.url}/core/v1/credits"
    assert (await call("GET", f"{credits}/balance", bearer))["balance"] == 0
    body = {"model": "openai/gpt-5.4-mini", "text": "Write a headline for my bakery"}
    estimate = await call("POST", f"{credits}/estimate", bearer, body)
    assert (estimate["credits"], estimate["sufficient"]) == (1, False)
    assert (await call("GET", f"{credits}/statement", bearer))["entries"] == []
