"""The database session against a real server."""

from db.session import Database


async def test_a_ping_reaches_the_server(database: Database) -> None:
    await database.ping()
