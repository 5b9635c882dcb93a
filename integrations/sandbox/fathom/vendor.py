"""Fathom as the sandbox knows it."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from integrations.sandbox.fathom.api import FathomApi
from integrations.sandbox.kit.plugin import Key, Vendor
from integrations.sandbox.kit.stage import Stage

ROOT = "/fathom/external/v1"


class Fathom(Vendor):
    """The external API v1; its refusals are not documented and deliberately plain."""

    name = "fathom"
    place = 10
    color = "#3d84d6"

    def __init__(self, stage: Stage) -> None:
        self._world = stage.world
        self._api = FathomApi(stage.world, enforce_limits=stage.options.enforce_limits)

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

    def account_keys(self) -> Sequence[Key]:
        """Everybody's; "" for who has no account."""
        people = self._world.people
        return [Key("Fathom", p.real_name, p.fathom_key, person=p.id) for p in people]


def vendors(stage: Stage) -> Sequence[Vendor]:
    """Fathom."""
    return [Fathom(stage)]
