"""Auth's admin API, its keys, and `profiles` over PostgREST, as contracts B.4 and B.5 say."""

import base64
import json
import uuid

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from tests.kit.waiting import until
from tests.sandbox.supabase_auth.auth_stage import OLGA, Project, bearer

NOBODY = "00000000-0000-4000-8000-000000000000"
MERGE = "resolution=merge-duplicates,return=representation"


async def admin(supabase: Project, path: str, body: object = None, method: str = "POST"):
    return await supabase.ask(f"/admin{path}", body, method=method, headers=supabase.secret)


async def test_an_admin_makes_reads_changes_and_deletes_users(supabase: Project) -> None:
    wanted = str(uuid.uuid4())
    body = {"email": "Ada@shop.example", "id": wanted, "email_confirm": True, "password": "x"}
    made = await admin(supabase, "/users", body)
    assert (made.status_code, made.json()["id"]) == (200, wanted)
    assert made.json()["email"] == "ada@shop.example"
    taken = await admin(supabase, "/users", body)
    assert (taken.status_code, taken.json()["error_code"]) == (422, "email_exists")
    weak = await admin(supabase, f"/users/{wanted}", {"password": "x"}, "PUT")
    assert weak.json()["error_code"] == "weak_password"
    banned = await admin(supabase, f"/users/{wanted}", {"ban_duration": "1h"}, "PUT")
    assert banned.json()["banned_until"]
    listing = await admin(supabase, "/users?filter=ada@", method="GET")
    assert [one["id"] for one in listing.json()["users"]] == [wanted]
    assert listing.headers["X-Total-Count"] == "1"
    assert (await admin(supabase, f"/users/{wanted}", method="DELETE")).json() == {}
    gone = await admin(supabase, f"/users/{wanted}", method="GET")
    assert (gone.status_code, gone.json()["error_code"]) == (404, "user_not_found")


async def test_the_publishable_key_is_no_admin(supabase: Project) -> None:
    reply = await supabase.ask("/admin/users", method="GET")
    assert (reply.status_code, reply.json()["error_code"]) == (403, "not_admin")


async def test_a_generated_link_confirms_without_an_e_mail(supabase: Project) -> None:
    told = await admin(supabase, "/generate_link", {"type": "signup", **OLGA})
    assert told.json()["verification_type"] == "signup"
    assert not supabase.store.mails
    await supabase.world.http.get(told.json()["action_link"])
    assert supabase.store.by_email(OLGA["email"]).email_confirmed_at


async def test_access_tokens_are_signed_with_the_published_key(supabase: Project) -> None:
    session = await supabase.signed_in()
    keys = await supabase.world.http.get(f"{supabase.auth}/.well-known/jwks.json")
    (key,) = keys.json()["keys"]
    head, body, signature = session["access_token"].split(".")
    assert json.loads(raw(head)) == {"alg": "ES256", "kid": key["kid"], "typ": "JWT"}
    claims = json.loads(raw(body))
    assert claims["iss"] == supabase.auth
    assert (claims["aud"], claims["role"]) == ("authenticated", "authenticated")
    numbers = (int.from_bytes(raw(key[name])) for name in ("x", "y"))
    public = ec.EllipticCurvePublicNumbers(*numbers, ec.SECP256R1()).public_key()
    pair = raw(signature)
    told = encode_dss_signature(int.from_bytes(pair[:32]), int.from_bytes(pair[32:]))
    public.verify(told, f"{head}.{body}".encode(), ec.ECDSA(SHA256()))


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


async def test_a_forged_token_is_nobody(supabase: Project) -> None:
    session = await supabase.signed_in()
    head, body, _ = session["access_token"].split(".")
    forged = {"Authorization": f"Bearer {head}.{body}.{'A' * 86}"}
    reply = await supabase.ask("/user", method="GET", headers=forged)
    assert (reply.status_code, reply.json()["error_code"]) == (403, "bad_jwt")


async def test_the_trigger_makes_a_profile_perhaps_late(supabase: Project) -> None:
    supabase.store.settings.profile_delay = 0.05
    user = (await supabase.signed_in())["user"]
    assert (await supabase.rest("GET")).json() == []
    put = await supabase.rest(
        "POST",
        body={"id": user["id"], "openrouter_provisioning_status": "active"},
        Prefer=MERGE,
    )
    assert put.status_code == 201
    await until(lambda: not supabase.profiles.pending)
    (row,) = (await supabase.rest("GET", "?select=email,openrouter_provisioning_status")).json()
    assert row == {"email": None, "openrouter_provisioning_status": "active"}
    other = await admin(supabase, "/users", {"email": "late@shop.example"})
    await until(lambda: not supabase.profiles.pending)
    found = await supabase.rest("GET", f"?id=eq.{other.json()['id']}")
    assert [one["email"] for one in found.json()] == ["late@shop.example"]


@pytest.mark.parametrize(
    ("row", "status", "code"),
    [
        ({"id": NOBODY}, 409, "23503"),
        ({"id": "7"}, 400, "22P02"),
        ({"email": "x"}, 400, "23502"),
        ({"id": NOBODY, "mood": "good"}, 400, "PGRST204"),
    ],
)
async def test_what_postgresql_would_refuse_is_refused(
    supabase: Project, row: dict[str, str], status: int, code: str
) -> None:
    reply = await supabase.rest("POST", body=row, Prefer=MERGE)
    assert (reply.status_code, reply.json()["code"]) == (status, code)


async def test_an_insert_of_what_is_there_needs_the_upsert(supabase: Project) -> None:
    user = (await supabase.signed_in())["user"]
    plain = await supabase.rest("POST", body={"id": user["id"]})
    assert (plain.status_code, plain.json()["code"]) == (409, "23505")
    merged = await supabase.rest("POST", body={"id": user["id"], "full_name": "O"}, Prefer=MERGE)
    assert (merged.status_code, merged.json()[0]["email"]) == (200, OLGA["email"])


async def test_without_the_grants_nobody_writes(supabase: Project) -> None:
    user = (await supabase.signed_in())["user"]
    supabase.store.settings.granted = False
    reply = await supabase.rest("POST", body={"id": user["id"]}, Prefer=MERGE)
    assert (reply.status_code, reply.json()["code"]) == (403, "42501")


async def test_a_user_sees_their_own_row_only(supabase: Project) -> None:
    session = await supabase.signed_in()
    await admin(supabase, "/users", {"email": "other@shop.example"})
    url = f"{supabase.world.env['SUPABASE_URL']}/rest/v1/profiles"
    headers = {**supabase.public, **bearer(session)}
    seen = await supabase.world.http.get(url, headers=headers)
    assert [row["email"] for row in seen.json()] == [OLGA["email"]]
    anonymous = await supabase.world.http.get(url, headers=supabase.public)
    assert anonymous.status_code == 401


async def test_switches_are_set_in_the_panel(supabase: Project) -> None:
    url = "/panel/api/supabase/settings"
    told = await supabase.world.http.post(url, json={"confirm_email": False})
    assert told.json()["confirm_email"] is False
    wrong = await supabase.world.http.post(url, json={"confirm_email": 3})
    assert wrong.status_code == 400


async def test_a_planned_refusal_carries_the_code_in_both_places(supabase: Project) -> None:
    await supabase.world.fault(vendor="supabase", operation="signup", status=429, code="new_code")
    reply = await supabase.ask("/signup", OLGA)
    assert (reply.status_code, reply.json()["error_code"]) == (429, "new_code")
    assert reply.headers["x-sb-error-code"] == "new_code"
