"""The API of the running program: an admin key from the command line, and a kill in between."""

import asyncio
import sys
from typing import Any
from uuid import uuid4

import httpx
import pytest_asyncio

from tests.kit.product import Product


@pytest_asyncio.fixture
async def admin(product: Product, environment: dict[str, str]) -> dict[str, str]:
    """The header of a key made with `python -m bot admin-key`."""
    made = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "admin-key", f"Journey {uuid4().hex[:8]}"),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await made.communicate()
    key = next(word for word in said.decode().split() if word.startswith("adm_"))
    return {"X-Admin-Key": key}


async def call(product: Product, path: str, headers: dict[str, str], body: Any = None) -> Any:
    """The answer's JSON, which must be a success."""
    async with httpx.AsyncClient(trust_env=False, timeout=20) as http:
        method = "GET" if body is None else "POST"
        answer = await http.request(method, product.url + path, headers=headers, json=body)
    assert answer.is_success, answer.text
    return answer.json()


async def test_a_license_whose_reply_was_lost_is_the_same_after_a_kill(
    product: Product, admin: dict[str, str]
) -> None:
    headers = {**admin, "Idempotency-Key": uuid4().hex}
    order = {"email": f"{uuid4().hex}@example.com", "plan": "pro", "months": 12}
    lost = asyncio.create_task(call(product, "/api/create_license", headers, order))
    await asyncio.sleep(0.01)
    product.kill()
    await asyncio.gather(lost, return_exceptions=True)
    await product.start()
    first = await call(product, "/api/create_license", headers, order)
    again = await call(product, "/api/create_license", headers, order)
    assert first == again
    held = await call(product, f"/api/licenses?search={order['email']}", admin)
    assert [one["id"] for one in held["licenses"]] == [first["license"]["id"]]
    log = await call(product, f"/api/audit?subject={first['license']['id']}", admin)
    assert [line["action"] for line in log["lines"]] == ["licenses.issue"]
    assert log["lines"][0]["operator_name"].startswith("Journey")
    said = product.log()
    assert first["license_key"] not in said
    assert order["email"] not in said


async def test_a_suspension_is_seen_by_the_site_within_a_second(
    product: Product, admin: dict[str, str]
) -> None:
    order = {"email": f"{uuid4().hex}@example.com", "plan": "pro", "months": 12}
    issued = await call(product, "/api/create_license", admin, order)
    site = {"X-License-Key": issued["license_key"]}
    asked = {"domain": "shop.example.com"}
    assert (await call(product, "/api/validate", site, asked))["code"] == "VALID"
    sites = await call(product, "/api/sites", site)
    assert [one["domain"] for one in sites["sites"]] == ["shop.example.com"]
    path = f"/api/licenses/{issued['license']['id']}/suspend"
    await call(product, path, admin, {"reason": "unpaid"})
    told = asyncio.get_running_loop().time()
    while asyncio.get_running_loop().time() - told < 1:
        answer = await call(product, "/api/validate", site, asked)
        if answer["code"] == "SUSPENDED":
            return
    raise AssertionError(answer)


async def test_the_document_and_its_page_are_served(product: Product) -> None:
    document = await call(product, "/api/openapi.json", {})
    assert {"/api/validate", "/api/chat", "/api/create_license"} <= document["paths"].keys()
    async with httpx.AsyncClient(trust_env=False) as http:
        page = await http.get(f"{product.url}/api/docs")
    assert page.status_code == 200
    assert "/api/create_license" in page.text
