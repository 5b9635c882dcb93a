"""Every job, every cache in memory and every address of HTTP: whose they are, and that it stays so.

A new one fails here until somebody has said it.
"""

import ast
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest_asyncio
from aiohttp import web

from bot.wiring.foundation import now
from db.people import MemberRow
from db.store.session import Database
from handlers import http, jobs
from handlers.jobs.kit.runner import Runner
from services import Services
from services.actors import Actor
from tests.kit.door_workspaces import ids
from tests.kit.wired import foundation, wired

ROOT = Path(__file__).parents[2]
OPERATION = "takes an operation's id and run, from our own queue"
BUSINESS = "the business's: no workspace owns what it works on"
EVERYBODY = "goes over all workspaces, each row under its own ids"
# By the name's first part, or the whole name: what a job is handed, and hence whose things it sees.
JOBS = {
    "audit": BUSINESS,
    "admins": BUSINESS,
    "auth": BUSINESS,
    "billing": BUSINESS,
    "credits": BUSINESS,
    "gateway": BUSINESS,
    "issuing": BUSINESS,
    "licenses": BUSINESS,
    "licensing": BUSINESS,
    "emails": BUSINESS,
    "ledger": BUSINESS,
    "mail": BUSINESS,
    "ops": BUSINESS,
    "reports": BUSINESS,
    "rollouts": BUSINESS,
    "tenants": BUSINESS,
    "users": BUSINESS,
    "webhooks": BUSINESS,
    "operations": EVERYBODY,
    "arrivals.begin": OPERATION,
    "arrivals.read": "is handed a delivery of ours, whose row names its owner",
    "arrivals.settle": "is handed workspace and member, by a sweep over their own rows",
    "arrivals.sweep": EVERYBODY,
    "arrivals.poll": EVERYBODY,
    "arrivals.remind": EVERYBODY,
    "arrivals.forget_deliveries": EVERYBODY,
    "connections.forget_links": EVERYBODY,
    "meetings.forget_transcripts": EVERYBODY,
    "crm.begin_refreshes": EVERYBODY,
    "crm.refresh": "is handed a workspace, and writes rows of that one: tests/services/crm",
    "crm.activity": OPERATION,
    "followups.write": OPERATION,
    "followups.act": OPERATION,
    "followups.undo": OPERATION,
    "followups.resume": "is handed workspace, member and follow-up: test_slack_listeners.py",
    "workspaces.greet": "is handed workspace and member, and speaks with that workspace's token",
    "workspaces.forget": "tests/services/workspaces",
    "workspaces.sweep": "tests/services/workspaces",
    "workspaces.end_grant": "is handed a row that is nobody's any more",
}
# By file: what keeps one person's things apart from another's in memory.
CACHES = {
    "bot/slack/token_provider.py": "(organisation, workspace)",
    "handlers/slack/kit/strangers.py": "(workspace, member)",
    "services/people/members.py": "(workspace, member): tested below",
    "services/audit/admin_keys.py": "an admin key's digest",
    "services/gateway/ledger.py": "a model's prices",
    "services/licensing/license_keys.py": "a license key",
    "services/licensing/domains.py": "a domain's spelling",
    "handlers/http/kit/callers.py": "an address's spelling",
}
CACHE_NAMES = frozenset({"TTLCache", "LRUCache", "lru_cache"})
# Addresses that no key opens, by their first part: none of them takes a workspace's ids.
OPEN = frozenset(
    {
        "",
        ".well-known",
        "health",
        "metrics",
        "static",
        "pricing",
        "checkout",
        "billing",
        "api",
        "core",
    }
)
KEYED = frozenset({"admin", "v1", "invitation"})
# Those that do, and what keeps them apart.
WORKSPACE_DOORS = {
    "/webhooks/fathom/{id}": "Fathom's signature with that member's own secret",
    "/oauth/gmail/start": "a signed state that names the member, good once",
    "/oauth/gmail/callback": "the same state, in the browser that began",
}


@pytest_asyncio.fixture(scope="module")
async def services(database: Database) -> AsyncIterator[Services]:
    """The product's services, without a Slack."""
    async with wired(foundation(database)) as product:
        yield product.services


def test_every_job_says_whose_things_it_sees(services: Services) -> None:
    runner = Runner()
    jobs.register(runner, services)
    unsaid = {name for name in runner.workflows if not _said(name)}
    assert not unsaid, f"say in JOBS what it is handed, and test it where it is an id: {unsaid}"


def _said(name: str) -> bool:
    return name in JOBS or name.partition(".")[0] in JOBS


def test_every_cache_says_what_keeps_people_apart() -> None:
    found = set[str]()
    for floor in ("bot", "handlers", "services"):
        for path in (ROOT / floor).rglob("*.py"):
            names = {node.id for node in ast.walk(ast.parse(path.read_text())) if _is_name(node)}
            if names & CACHE_NAMES:
                found.add(str(path.relative_to(ROOT)))
    assert found <= set(CACHES), found - set(CACHES)


def _is_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Name)


def test_every_address_without_a_key_says_what_keeps_workspaces_apart(services: Services) -> None:
    app = web.Application()
    http.register(app, services)
    paths = {route.resource.canonical for route in app.router.routes() if route.resource}
    others = {path for path in paths if path.split("/")[1] not in OPEN | KEYED}
    assert others <= set(WORKSPACE_DOORS), others - set(WORKSPACE_DOORS)


async def test_one_id_in_two_workspaces_is_two_people(
    database: Database, services: Services
) -> None:
    member, (_, mine), (_, other) = f"U{uuid4().hex[:8]}", ids(), ids()
    async with database.transaction() as session:
        for team in (mine, other):
            session.add(MemberRow(workspace_id=team, member_id=member, name=team, seen_at=now()))
    # The second look is answered from memory.
    for team in (mine, other, mine, other):
        assert (await services.people.who(Actor(team, member))).name == team
