"""Supabase: what is passed on untouched, and what the admin's side reads, writes and raises."""

import asyncio
import gzip
import uuid
from datetime import timedelta

import pytest
import pytest_asyncio

from integrations.errors import AuthExpired, RateLimited, RefusedByVendor, Unreachable
from integrations.http import ClientOptions, client
from integrations.sandbox.supabase_auth import vendor as supabase_vendor
from integrations.sandbox.supabase_auth.keys import PUBLISHABLE, SECRET
from integrations.supabase.client import Supabase
from integrations.supabase.proxy import LARGEST_ANSWER, AuthProxy, AuthTimedOut
from integrations.supabase.types import AuthRequest
from tests.integrations.fake_vendor import drops, hangs, says
from tests.integrations.sandbox_vendors import sandbox_vendors

OLGA = "olga@shop.example"
SIGN_UP = b'{"email":"olga@shop.example","password":"correct horse"}'
JSON = (("Content-Type", "application/json"),)


@pytest_asyncio.fixture
async def vendors():
    async with sandbox_vendors((supabase_vendor.vendors,)) as running:
        yield running


@pytest_asyncio.fixture
async def supabase(vendors):
    async with client(f"{vendors.url}/supabase", "supabase") as http:
        yield Supabase(http, SECRET)


@pytest_asyncio.fixture
async def auth(vendors):
    proxy = AuthProxy(f"{vendors.url}/supabase", PUBLISHABLE)
    yield proxy
    await proxy.close()


@pytest_asyncio.fixture
async def passing(vendor):
    proxy = AuthProxy(vendor.url, "sb_publishable_x", ClientOptions(timedelta(seconds=1)))
    yield proxy
    await proxy.close()


async def test_a_request_passes_as_it_is_with_our_publishable_key(vendor, passing) -> None:
    vendor.answer = says(b' {"odd" : 1}', status=418, x_sb_error_code="brand_new", retry_after="7")
    asked = AuthRequest("POST", "/token", (("grant_type", "password"),), JSON, b' {"a": 1} ')
    told = await passing.send(asked)
    (seen,) = vendor.seen
    assert (seen.method, seen.path) == ("POST", "/auth/v1/token")
    assert (seen.query, seen.body) == ({"grant_type": "password"}, b' {"a": 1} ')
    assert seen.headers["apikey"] == "sb_publishable_x"
    assert "authorization" not in seen.headers
    assert (told.status, told.body) == (418, b' {"odd" : 1}')
    passed = {name.lower(): value for name, value in told.headers}
    assert passed["x-sb-error-code"] == "brand_new"
    assert passed["retry-after"] == "7"
    assert passed["content-type"] == "application/json"


async def test_a_compressed_answer_is_told_plainly(vendor, passing) -> None:
    vendor.answer = says(gzip.compress(b'{"a":1}'), content_encoding="gzip")
    told = await passing.send(AuthRequest("GET", "/user"))
    assert told.body == b'{"a":1}'
    assert "content-encoding" not in {name.lower() for name, _ in told.headers}


async def test_cookies_and_origins_of_auth_are_not_the_clients(vendor, passing) -> None:
    vendor.answer = says({}, set_cookie="a=b", access_control_allow_origin="*", server="x")
    told = await passing.send(AuthRequest("GET", "/user"))
    assert {name.lower() for name, _ in told.headers} == {"content-type"}
    await passing.send(AuthRequest("GET", "/user"))
    assert "cookie" not in vendor.seen[1].headers


async def test_an_answer_without_end_is_cut_off(vendor, passing) -> None:
    vendor.answer = says(b"x" * (LARGEST_ANSWER + 1))
    with pytest.raises(RefusedByVendor, match="too_large"):
        await passing.send(AuthRequest("GET", "/user"))


async def test_nothing_is_sent_twice(vendor, passing) -> None:
    vendor.answer = drops
    with pytest.raises(Unreachable):
        await passing.send(AuthRequest("POST", "/signup", (), JSON, SIGN_UP))
    assert len(vendor.seen) == 1


async def test_silence_ends_at_the_deadline(vendor, passing) -> None:
    vendor.answer = hangs
    with pytest.raises(AuthTimedOut):
        await passing.send(AuthRequest("POST", "/signup", (), JSON, SIGN_UP))


async def test_a_redirect_is_an_answer(vendor, passing) -> None:
    vendor.answer = says(b"", status=303, location="https://app.example/#x")
    told = await passing.send(AuthRequest("GET", "/verify"))
    passed = {name.lower(): value for name, value in told.headers}
    assert passed["location"] == "https://app.example/#x"


async def test_a_redirect_address_is_encoded_once(vendor, passing) -> None:
    vendor.answer = says({})
    back = "https://app.example/a/b?x=1&y=%2F#z"
    await passing.send(AuthRequest("POST", "/signup", (("redirect_to", back),), JSON, b"{}"))
    assert vendor.seen[0].query == {"redirect_to": back}


async def test_users_are_found_by_id_and_by_exact_address(vendors, supabase, auth) -> None:
    assert await supabase.user_by_email(OLGA) is None
    assert (await auth.send(AuthRequest("POST", "/signup", (), JSON, SIGN_UP))).status == 200
    longer = SIGN_UP.replace(b"olga@", b"xolga@")
    await auth.send(AuthRequest("POST", "/signup", (), JSON, longer))
    found = await supabase.user_by_email(" OLGA@shop.example")
    assert found is not None
    assert (found.email, found.confirmed_at) == (OLGA, None)
    assert await supabase.user(found.id) == found
    assert await supabase.user(str(uuid.uuid4())) is None


async def test_an_admin_makes_a_user_once(supabase) -> None:
    wanted = str(uuid.uuid4())
    made = await supabase.create_user(OLGA, wanted)
    assert (made.id, made.email) == (wanted, OLGA)
    assert made.confirmed_at
    with pytest.raises(RefusedByVendor) as refused:
        await supabase.create_user(OLGA, str(uuid.uuid4()))
    assert refused.value.code == "email_exists"
    await supabase.delete_user(wanted)
    await supabase.delete_user(wanted)
    assert await supabase.user(wanted) is None


async def test_a_profile_is_written_whether_its_trigger_came_or_not(vendors, supabase) -> None:
    project = vendors.sandbox.of(supabase_vendor.SupabaseAuth)
    made = await supabase.create_user(OLGA, str(uuid.uuid4()))
    row = {"id": made.id, "openrouter_key_limit": 10.5, "openrouter_key_name": "seguito-1"}
    await supabase.upsert(row)
    await supabase.upsert(row)
    kept = project.profiles.rows[made.id]
    assert kept["openrouter_key_limit"] == 10.5
    assert (kept["openrouter_key_name"], kept["email"]) == ("seguito-1", OLGA)
    with pytest.raises(RefusedByVendor) as nobody:
        await supabase.upsert({**row, "id": str(uuid.uuid4())})
    assert nobody.value.code == "23503"
    project.store.settings.granted = False
    with pytest.raises(RefusedByVendor) as refused:
        await supabase.upsert(row)
    assert refused.value.code == "42501"


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, {"message": "Invalid API key"}, AuthExpired),
        (403, {"error_code": "not_admin", "msg": "User not allowed"}, AuthExpired),
        (429, {"error_code": "over_request_rate_limit"}, RateLimited),
        (500, {"error_code": "unexpected_failure"}, Unreachable),
        (502, b"<html>", Unreachable),
        (422, {"error_code": "odd"}, RefusedByVendor),
        (200, b"<html>", Unreachable),
        (200, {"users": "none"}, None),
    ],
)
async def test_failures_of_a_look_up_are_ours(vendor, status, body, error) -> None:
    vendor.answer = says(body, status=status)
    async with client(vendor.url, "supabase") as http:
        asked = Supabase(http, SECRET).user_by_email(OLGA)
        if error is None:
            assert await asked is None
            return
        with pytest.raises(error):
            await asked


async def test_both_keys_are_tried(vendors, supabase, auth) -> None:
    await supabase.check_key()
    await auth.check_key()
    wrong = AuthProxy(f"{vendors.url}/supabase", "sb_publishable_wrong")
    with pytest.raises(AuthExpired):
        await wrong.check_key()
    await wrong.close()


async def test_duplicate_sign_ups_at_one_moment_make_one_user(vendors, auth) -> None:
    project = vendors.sandbox.of(supabase_vendor.SupabaseAuth)
    asked = AuthRequest("POST", "/signup", (), JSON, SIGN_UP)
    told = await asyncio.gather(*(auth.send(asked) for _ in range(8)))
    assert sorted({one.status for one in told}) == [200, 429]
    assert len(project.store.users) == 1
