"""What drawing App Home costs, beside the bare queries it asks.

    python -m bench.home [--rounds 30]

On an embedded PostgreSQL with its usual durability: one member with 2,000 meetings, 500 follow-ups
and 1,000 tasks, among 200 such members. Every statement of a drawing is written down once, then
asked again by bare asyncpg on one connection, in turns with whole drawings whose view is made and
dumped but goes to nobody: the factor is between the two medians. Needs no network.
"""

import argparse
import asyncio
import json

import asyncpg

from bench.beside import beside, folder
from bot.local.postgres import Postgres
from db.store.migrate import upgrade
from db.store.session import Database
from db.store.vault import Vault
from services import Services
from services.actors import Actor
from services.home import Home, HomePage, HomeReading
from services.people import Members
from services.ports import SlackPerson
from tests.kit.wired import foundation, wired
from views.slack.home import home

TEAM, BOSS, SAM = "T0HOME", "U1", "U2"
PEOPLE = 200
MEETINGS = f"""
INSERT INTO meetings (workspace_id, member_id, recording_id, title, url, share_url, started_at,
    ended_at, language, recorder_name, recorder_email, shared, invitees, words, mine, external)
SELECT '{TEAM}', 'U' || m, n, 'Call ' || n, '', '', now() - n * interval '5 hours', now(), 'en',
    '', '', false, '[{{"name": "Carol", "email": "c@acme.example", "is_external": true}}]', 'call',
    true, true
FROM generate_series(1, {PEOPLE}) AS m,
    LATERAL generate_series(1, CASE WHEN m < 3 THEN 2000 ELSE 100 END) AS n
"""  # noqa: S608 - constants of this file
FOLLOWUPS = f"""
INSERT INTO followups (id, workspace_id, member_id, request_id, recording_id, title, started_at,
    url, options, status, run, instruction, operation_id, crm, version, problem, missing,
    reference, view_id, card_channel, card_ts, arrival, created_at, updated_at)
SELECT m || '-' || n, '{TEAM}', 'U' || m, m || '-' || n, n * 2, 'Call ' || n, now(), '', '{{}}',
    'ready', 1, '', '', 'null', 1, '', '', '', '', '', '', '', now() - n * interval '8 hours',
    now() - n * interval '8 hours'
FROM generate_series(1, {PEOPLE}) AS m,
    LATERAL generate_series(1, CASE WHEN m < 3 THEN 500 ELSE 50 END) AS n
"""  # noqa: S608 - constants of this file
TASKS = f"""
INSERT INTO crm_activities (id, workspace_id, member_id, kind, wish, attempt, result, status, run,
    operation_id, problem, missing, view_id, card_channel, card_ts, created_at, updated_at)
SELECT m || '-' || n, '{TEAM}', 'U' || m, 'task', json_build_object('about', null, 'type', 'call',
    'subject', 'Call ' || n, 'day', (now() - n * interval '4 hours')::date, 'at', '10:00', 'zone',
    'UTC', 'description', ''), 'null', 'null', 'done', 1, '', '', '', '', '', '', now(), now()
FROM generate_series(1, {PEOPLE}) AS m,
    LATERAL generate_series(1, CASE WHEN m < 3 THEN 1000 ELSE 20 END) AS n
"""  # noqa: S608 - constants of this file


class Nowhere:
    """A Slack that takes the view as it would be sent, and says nothing of it."""

    def __init__(self) -> None:
        self.size = 0

    async def publish(self, page: HomePage, hash_: str) -> str:
        """As bytes."""
        self.size = len(json.dumps(home(page).to_dict()))
        return "hash"

    async def person(self, actor: Actor) -> SlackPerson:
        """Everybody is called Ada."""
        return SlackPerson("Ada Bell", "ada@home.example", "en-US", "Europe/Rome")


async def main(rounds: int) -> None:
    """Fill, measure both kinds of readers, print a line each."""
    server = Postgres(folder())
    url = server.start()
    try:
        await upgrade(url)
        bare = await asyncpg.connect(url)
        for statement in (MEETINGS, FOLLOWUPS, TASKS, "VACUUM ANALYZE"):
            await bare.execute(statement)
        database = Database(url, Vault({"test": bytes(range(32))}))
        ops = {"slack_ops_team_id": TEAM, "slack_ops_channel_id": "C1", "slack_ops_admins": BOSS}
        async with wired(foundation(database, **ops)) as product:
            for name, member in (("a member", SAM), ("an ops admin", BOSS)):
                await _measure(name, Actor(TEAM, member), database, bare, product.services, rounds)
        await bare.close()
        await database.dispose()
    finally:
        server.stop()


async def _measure(
    name: str,
    actor: Actor,
    database: Database,
    bare: asyncpg.Connection,
    services: Services,
    rounds: int,
) -> None:
    nowhere, clock = Nowhere(), foundation(database).clock
    parts = (services.connections.accounts, services.ops.access, services.reports.health)
    reading = HomeReading(database, *parts, services.budgets.limits, clock)
    drawn = Home(database, Members(database, nowhere, clock), reading, nowhere, clock)

    async def draw() -> None:
        await drawn.refresh(actor)

    await drawn.opened(actor)
    took = await beside(database, bare, draw, rounds)
    print(
        f"{name:14} drawing {took.whole * 1e3:6.1f} ms  {took.statements:2} statements "
        f"{took.bare * 1e3:6.1f} ms  factor {took.factor:4.2f}  {nowhere.size / 1024:5.1f} KiB  "
        f"{took.verdict}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    asyncio.run(main(parser.parse_args().rounds))
