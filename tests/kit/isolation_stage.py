"""Two workspaces and an organisation before the whole product's Slack door, with an owner whose
objects have the ids that the scenes draw."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import Text, cast, literal_column, or_, select

from bot.process.metrics import Metrics
from bot.settings.slack import SlackSettings
from bot.slack.app import SlackApp
from bot.wiring.foundation import now
from db.erasure import erase_workspace
from db.store.session import Database
from db.tables import metadata
from handlers.slack.kit.routing import Listeners
from integrations.sandbox.slack.blockkit.surfaces import interactive
from integrations.sandbox.slack.blockkit.values import initial_values
from services import Services
from tests.kit.door_stage import SECRET, FakeSlack, ending, form_body, signed_headers, trigger
from tests.kit.door_workspaces import installed
from tests.kit.isolation_rows import (
    ELSEWHERE,
    IN_GRID,
    OPS_CHANNEL,
    OWNER,
    OWNERS_WORD,
    SECRET_WORD,
    Someone,
    isolation_rows,
)
from tests.kit.wired import foundation, wired
from tests.views.scenes import Scene
from tests.views.scenes_evidence import EVIDENCE
from tests.views.scenes_followups import FOLLOWUPS
from tests.views.scenes_operations import OPERATIONS
from tests.views.scenes_others import OTHERS
from views.kit.blocks import Message, View

NOWHERE = "http://127.0.0.1:1"
MOST_OF_A_CONTROL = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """A control as a scene draws it, or a form with what it holds."""

    kind: str
    id: str
    value: str = ""
    element: str = "button"
    view: Mapping[str, Any] | None = field(default=None, hash=False, compare=False)
    mark: str = ""


def samples() -> dict[tuple[str, str], list[Sample]]:
    """By kind and id, a few of each control and form that is drawn anywhere."""
    found: dict[tuple[str, str], dict[tuple[str, str], Sample]] = {}
    for scene in (*FOLLOWUPS, *EVIDENCE, *OPERATIONS, *OTHERS):
        for one in _of(scene):
            kept = found.setdefault((one.kind, one.id), {})
            if len(kept) < MOST_OF_A_CONTROL:
                kept.setdefault((one.value, one.mark), one)
    return {key: list(kept.values()) for key, kept in found.items()}


def _of(scene: Scene) -> Iterator[Sample]:
    drawn = scene.draw("en")
    if isinstance(drawn, View):
        view = drawn.to_dict()
    elif isinstance(drawn, Message):
        view = {"blocks": list(drawn.blocks)}
    else:
        return
    blocks = [_named(block, place) for place, block in enumerate(view["blocks"])]
    name, mark = str(view.get("callback_id") or ""), str(view.get("private_metadata") or "")
    shown = None
    if isinstance(drawn, View):
        shown = _view(view, blocks, name, mark)
        for kind in ("view", "closed"):
            yield Sample(kind, name, view=shown, mark=mark)
    for element in (one for block in blocks for one in interactive(block)):
        id_ = str(element["action_id"]).partition(":")[0]
        kind = str(element["type"])
        options = [option["value"] for option in element.get("options", ())]
        for value in options or [str(element.get("value") or "")]:
            yield Sample("action", id_, value, kind, shown, mark)
        yield Sample("options", id_, "", kind, shown, mark)


def _named(block: Mapping[str, Any], place: int) -> dict[str, Any]:
    return {"block_id": f"b{place}"} | dict(block)


def _view(view: Mapping[str, Any], blocks: list[dict[str, Any]], name: str, mark: str) -> Any:
    return {
        "id": "V0SCENE",
        "type": view["type"],
        "hash": "1.a",
        "callback_id": name,
        "private_metadata": mark,
        "root_view_id": "V0SCENE",
        "previous_view_id": None,
        "blocks": blocks,
        "state": {"values": initial_values(blocks)},
    }


@dataclass
class IsolationStage:
    """The product behind its Slack door, and everything it said."""

    database: Database
    slack: SlackApp
    services: Services
    listeners: Listeners
    fake: "Listening"
    server: TestServer
    http: aiohttp.ClientSession
    url: str

    async def send(self, who: Someone, sample: Sample) -> None:
        """As this person's Slack would send it, signed; waits until it is done."""
        payload = self._payload(who, sample)
        raw, kind = form_body(payload)
        await self.post(raw, kind, "interactions")

    async def command(self, who: Someone, name: str, words: str) -> None:
        """A slash command, typed in the ops channel, where most is allowed."""
        given = {
            "command": name,
            "text": words,
            "team_id": who.team,
            "user_id": who.member,
            "channel_id": OPS_CHANNEL,
            "trigger_id": trigger(),
            "response_url": self.url + "response",
            **self._organisation(who),
        }
        await self.post(urlencode(given).encode(), "application/x-www-form-urlencoded", "commands")

    async def event(self, who: Someone, event: Mapping[str, Any]) -> None:
        """An event of this person's."""
        whole = bool(who.organisation)
        row = {"team_id": None if whole else who.team, "enterprise_id": who.organisation or None}
        body = {
            "type": "event_callback",
            "team_id": who.team,
            "event_id": trigger(),
            "event_time": int(now().timestamp()),
            "event": {**event, "user": who.member},
            "authorizations": [{**row, "is_enterprise_install": whole}],
        }
        await self.post(json.dumps(body).encode(), "application/json", "events")

    async def post(self, raw: bytes, kind: str, path: str) -> None:
        """Deliver, and wait for listeners and their answers; what came back counts as said."""
        url = self.server.make_url(f"/slack/{path}")
        async with self.http.post(url, data=raw, headers=signed_headers(raw, kind)) as answer:
            assert answer.status == 200, await answer.text()
            self.fake.said.append(await answer.text())
        await self.slack.drain(timedelta(seconds=20))

    async def plant(self) -> None:
        """The owner's rows, as at first."""
        async with self.database.transaction() as session:
            for who in (OWNER, ELSEWHERE, IN_GRID):
                await erase_workspace(session, who.workspace)
            for row in isolation_rows():
                session.add(row)
                # One by one: what refers to another comes after it.
                await session.flush()
        self.fake.forget()

    async def owned(self) -> dict[str, list[str]]:
        """Every row of the owner's, by table, as text."""
        found: dict[str, list[str]] = {}
        async with self.database.transaction() as session:
            for table in metadata.sorted_tables:
                whole = cast(literal_column(f'"{table.name}"'), Text)
                mine = or_(whole.contains(SECRET_WORD), whole.contains(OWNERS_WORD))
                rows = (
                    await session.execute(select(whole).select_from(table).where(mine))
                ).scalars()
                found[table.name] = sorted(rows)
        return {name: rows for name, rows in found.items() if rows}

    def _payload(self, who: Someone, sample: Sample) -> dict[str, Any]:
        kinds = {
            "action": "block_actions",
            "view": "view_submission",
            "closed": "view_closed",
            "options": "block_suggestion",
            "shortcut": "shortcut",
        }
        base: dict[str, Any] = {
            "type": kinds[sample.kind],
            "user": {"id": who.member, "team_id": who.team},
            "team": {"id": who.team},
            "trigger_id": trigger(),
            "response_url": self.url + "response",
            **self._grid(who),
        }
        if sample.view is not None:
            base |= {"view": sample.view, "container": {"type": "view", "view_id": "V0SCENE"}}
        else:
            at = {"type": "message", "message_ts": "1.5", "channel_id": OPS_CHANNEL}
            base |= {"container": at, "channel": {"id": OPS_CHANNEL}}
        if sample.kind == "action":
            base["actions"] = [self._action(sample)]
        elif sample.kind == "options":
            base |= {"action_id": sample.id, "block_id": "b0", "value": SECRET_WORD.lower()}
        elif sample.kind == "shortcut":
            base |= {"callback_id": sample.id}
        return base

    def _action(self, sample: Sample) -> dict[str, Any]:
        action = {"action_id": sample.id, "block_id": "b0", "type": sample.element}
        if sample.element == "button":
            return {**action, "value": sample.value}
        return {**action, "selected_option": {"value": sample.value, "text": {"text": "x"}}}

    def _grid(self, who: Someone) -> dict[str, Any]:
        if not who.organisation:
            return {"is_enterprise_install": False}
        return {"enterprise": {"id": who.organisation}, "is_enterprise_install": True}

    def _organisation(self, who: Someone) -> dict[str, str]:
        if not who.organisation:
            return {"is_enterprise_install": "false"}
        return {"enterprise_id": who.organisation, "is_enterprise_install": "true"}


class Listening(FakeSlack):
    """Slack, which writes down whose token said what."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.tokens: set[str] = set()

    async def answer(self, request: web.Request) -> web.Response:
        """As FakeSlack does."""
        if token := request.headers.get("Authorization", "").removeprefix("Bearer "):
            self.tokens.add(token)
        answered = await super().answer(request)
        self.said.append(json.dumps(self.calls[-1][1], default=str, ensure_ascii=False))
        return answered

    def forget(self) -> None:
        """Begin anew."""
        self.said.clear()
        self.tokens.clear()
        self.calls.clear()


@asynccontextmanager
async def isolation_stage(database: Database) -> AsyncIterator[IsolationStage]:
    """Installed in both workspaces and in the organisation as a whole."""
    fake, outside = Listening(), web.Application()
    outside.add_routes([web.route("*", "/api/{method}", fake.answer)])
    async with TestServer(outside) as vendor:
        url = str(vendor.make_url("/api/"))
        said = SlackSettings.model_validate({"slack_signing_secret": SECRET, "slack_api_url": url})
        slack = SlackApp(said, database, Metrics(), now)
        base = foundation(
            database,
            clients=slack.client,
            slack_ops_team_id=OWNER.team,
            slack_ops_channel_id=OPS_CHANNEL,
            slack_ops_admins=OWNER.member,
            fathom_api_url=NOWHERE,
            crono_api_url=NOWHERE,
            anthropic_base_url=NOWHERE,
            gmail_api_url=NOWHERE,
        )
        async with wired(base) as product, ending(slack):
            for who in (OWNER, ELSEWHERE, IN_GRID):
                organisation, team = who.organisation or None, who.team
                whole = None if organisation else team
                token = f"xoxb-{who.workspace}"
                await slack.store.async_save(installed(organisation, whole, bot_token=token))
            listeners, inside = slack.serve(product.services), web.Application()
            inside.add_routes(slack.routes())
            async with TestServer(inside) as server, aiohttp.ClientSession() as http:
                yield IsolationStage(
                    database, slack, product.services, listeners, fake, server, http, url
                )
