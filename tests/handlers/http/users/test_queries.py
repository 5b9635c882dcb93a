"""The two queries by which people look users up in the database, as they have always typed them."""

from uuid import uuid4

from sqlalchemy import text

from tests.handlers.http.users.conftest import Office

WITH_KEY = text("""
SELECT id, email, openrouter_key_name, openrouter_key_limit, openrouter_provisioning_status,
    created_at
FROM profiles
WHERE openrouter_key_name IS NOT NULL
ORDER BY created_at DESC
""")
WITHOUT_KEY = text("""
SELECT id, email, openrouter_provisioning_status, created_at
FROM profiles
WHERE openrouter_key_name IS NULL
ORDER BY created_at DESC
""")
MAPPED = text(
    "SELECT count(*) FROM openrouter_user_keys WHERE user_id = :user AND status = 'active'"
)


async def until_profile(office: Office, user: str) -> None:
    """The user's operation up to the step that writes the profile."""
    for _ in range(3):
        await office.desk.step(user)


async def test_the_queries_and_the_api_tell_the_same(office: Office) -> None:
    active = await office.active(limit=2.5)
    failed = (await office.create()).json["id"]
    await until_profile(office, failed)
    async with office.desk.database.transaction() as session:
        having = {row.id: row for row in (await session.execute(WITH_KEY)).all()}
        lacking = {row.id: row for row in (await session.execute(WITHOUT_KEY)).all()}
        mapped = (await session.execute(MAPPED, {"user": active})).scalar_one()
    assert (active in having, active in lacking, mapped) == (True, False, 1)
    assert (failed in having, failed in lacking) == (False, True)
    row = having[active]
    assert (float(row.openrouter_key_limit), row.openrouter_provisioning_status) == (2.5, "active")
    told = (await office.call("GET", f"/{active}")).json
    assert told["openrouter_key_name"] == row.openrouter_key_name
    assert told["email"] == row.email


async def test_the_filter_is_the_query(office: Office) -> None:
    mark = uuid4().hex
    for number in range(3):
        user = (await office.create(f"{number}.{mark}@example.com")).json["id"]
        await (office.desk.run(user) if number else until_profile(office, user))
    like = {"like": f"%{mark}%"}
    for provisioned, query in (("true", WITH_KEY), ("false", WITHOUT_KEY)):
        narrowed = text(query.text.replace("WHERE", "WHERE email LIKE :like AND"))
        async with office.desk.database.transaction() as session:
            rows = [row.id for row in (await session.execute(narrowed, like)).all()]
        told = await office.call("GET", f"?search={mark}&provisioned={provisioned}")
        assert [one["id"] for one in told.json["users"]] == rows
