"""Fathom as the sandbox knows it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from aiohttp import web

from integrations.sandbox.fathom.api import FathomApi
from integrations.sandbox.fathom.ending import Endings
from integrations.sandbox.fathom.hooks import KINDS, OPERATION, Hooks
from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.kit.plugin import Key, PanelPart, Vendor
from integrations.sandbox.kit.stage import Stage

ROOT = "/fathom/external/v1"
PANEL = Path(__file__).parent / "panel"


class Fathom(Vendor):
    """The external API v1; its refusals are not documented and deliberately plain."""

    name = "fathom"
    place = 10
    color = "#3d84d6"
    fault_kinds = KINDS
    secret_fields = frozenset({"secret"})
    panel = PanelPart(PANEL / "fathom.js", tab="Fathom", styles=("fathom.css",))

    def __init__(self, stage: Stage) -> None:
        self._world, self._stage = stage.world, stage
        self.hooks = Hooks(stage)
        self.endings = Endings(stage.world, self.hooks)
        limited = stage.options.enforce_limits
        self._api = FathomApi(stage.world, self.hooks, enforce_limits=limited)

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Fathom's paths."""
        api, recording = self._api, f"{ROOT}/recordings/{{recording}}"
        light, heavy, webhooks = api.light, api.heavy, f"{ROOT}/webhooks"
        summary, transcript = heavy(api.summary), heavy(api.transcript)
        forget = light(api.unsubscribe)
        return [
            web.get(f"{ROOT}/meetings", api.listing(api.meetings), name="fathom:meetings.list"),
            web.get(f"{recording}/summary", summary, name="fathom:recordings.summary"),
            web.get(f"{recording}/transcript", transcript, name="fathom:recordings.transcript"),
            web.get(f"{ROOT}/teams", light(api.teams), name="fathom:teams.list"),
            web.get(f"{ROOT}/team_members", light(api.members), name="fathom:team_members.list"),
            web.get(f"{ROOT}/meeting_types", light(api.types), name="fathom:meeting_types.list"),
            web.get(f"{ROOT}/users", light(api.users), name="fathom:users.list"),
            web.post(webhooks, light(api.subscribe), name="fathom:webhooks.create"),
            web.delete(f"{webhooks}/{{webhook}}", forget, name="fathom:webhooks.remove"),
            web.post("/panel/api/fathom/end", self.end),
        ]

    def environment(self, origin: str) -> Mapping[str, str]:
        """Its address; every person has a key of their own."""
        return {"FATHOM_API_URL": f"{origin}{ROOT}"}

    def seed(self) -> Mapping[str, object]:
        """Keys saved already; the last person of each workspace is left to type one in."""
        saved = [
            {"workspace_id": workspace.id, "member_id": person.id, "key": person.fathom_key}
            for workspace in self._world.workspaces
            for person in workspace.people[:-1]
            if person.fathom_key
        ]
        return {"fathom_keys": saved}

    def contents(self) -> object:
        """Whose meetings may end, and what was told of those that did, the newest first."""
        return {
            "people": self.endings.choices(),
            "deliveries": [asdict(one) for one in reversed(self.hooks.deliveries)],
            "hooks": [{"id": one["id"], "owner": one["owner"]} for one in self.hooks.all.values()],
        }

    async def end(self, request: web.Request) -> web.Response:
        """POST end `{person, meeting, trouble?, seconds?}`: a meeting ends now."""
        body = await request.json()
        trouble = str(body.get("trouble") or "")
        if trouble:
            fault = Fault(self.name, OPERATION, trouble, seconds=float(body.get("seconds", 5)))
            self._stage.faults.add(fault)
        try:
            meeting, told = self.endings.end(str(body.get("person")), str(body.get("meeting")))
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=400)
        self._stage.changed()
        return web.json_response({"recording_id": meeting.recording_id, "told": len(told)})

    async def close(self) -> None:
        """Nothing is told any more."""
        await self.hooks.close()

    def account_keys(self) -> Sequence[Key]:
        """Everybody's; "" for who has no account."""
        people = self._world.people
        return [Key("Fathom", p.real_name, p.fathom_key, person=p.id) for p in people]


def vendors(stage: Stage) -> Sequence[Vendor]:
    """Fathom."""
    return [Fathom(stage)]
