"""HubSpot as the sandbox knows it."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from aiohttp import web

from integrations.sandbox.hubspot.account import Account
from integrations.sandbox.hubspot.objects import Objects, kinds
from integrations.sandbox.hubspot.search import Searches
from integrations.sandbox.hubspot.store import cast_store
from integrations.sandbox.hubspot.wire import KEY, READ_ONLY_KEY, Gate, error_body, limit_body
from integrations.sandbox.kit.plugin import Json, Key, PanelPart, Vendor
from integrations.sandbox.kit.stage import Stage

ROOT, VERSION = "/hubspot", "2026-09"
PANEL = Path(__file__).parent / "panel"
CATEGORIES = {401: "INVALID_AUTHENTICATION", 403: "MISSING_SCOPES", 404: "OBJECT_NOT_FOUND"}
TOO_MANY = 429
# Notes and tasks ride on the scopes of contacts (contract §2).
SCOPE_OF = {"notes": "contacts", "tasks": "contacts"}


class HubSpot(Vendor):
    """The CRM API of one account, behind a service key."""

    name = "hubspot"
    place = 41
    color = "#ff5c35"
    panel = PanelPart(PANEL / "hubspot.js", tab="HubSpot", styles=("hubspot.css",))

    def __init__(self, stage: Stage) -> None:
        self.store = cast_store(stage.world)
        self.gate = Gate()
        self._account = Account(self.store)
        self._objects = Objects(self.store, stage.changed)
        self._searches = Searches(self.store)

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """HubSpot's paths."""
        account, may = self._account, self.gate.guarded
        crm = f"{ROOT}/crm"
        owners = may(account.owners, "crm.objects.owners.read")
        pipelines = may(account.pipelines, "crm.objects.deals.read")
        info = f"{ROOT}/oauth/v2/private-apps/get/access-token-info"
        details = f"{ROOT}/account-info/{VERSION}/details"
        batch = f"{crm}/associations/{VERSION}/{{kind}}/{{to}}/batch/read"
        one_property = f"{crm}/properties/{VERSION}/{{kind}}/{{name}}"
        return [
            web.get(details, may(account.details), name="hubspot:account.details"),
            web.post(info, may(account.token), name="hubspot:token.info"),
            web.get(f"{crm}/owners/{VERSION}", owners, name="hubspot:owners.list"),
            web.get(
                f"{crm}/pipelines/{VERSION}/{{kind}}", pipelines, name="hubspot:pipelines.list"
            ),
            web.get(one_property, may(account.property), name="hubspot:properties.get"),
            web.post(batch, may(account.batch), name="hubspot:associations.batch"),
            *(route for kind in kinds() for route in self._of(kind)),
        ]

    def environment(self, origin: str) -> Mapping[str, str]:
        """Its address; keys are typed in Slack."""
        return {"HUBSPOT_API_URL": f"{origin}{ROOT}"}

    def error_body(self, status: int, code: str | None, message: str) -> Json:
        """Its body; a call too many names its policy."""
        if status == TOO_MANY:
            return limit_body(message, code or "TEN_SECONDLY_ROLLING")
        return error_body(code or CATEGORIES.get(status, "INTERNAL_ERROR"), message)

    def contents(self) -> object:
        """Every table: records with what they are linked to."""
        return {
            kind: [
                {
                    "id": item.id,
                    **item.properties,
                    "links": {far: list(self.store.linked(kind, item.id, far)) for far in kinds()},
                }
                for item in table.values()
                if not item.archived
            ]
            for kind, table in self.store.items.items()
        }

    def account_keys(self) -> Sequence[Key]:
        """A service key that may do everything, and one that may only read."""
        return [
            Key("HubSpot", "service key", KEY),
            Key("HubSpot", "read-only key", READ_ONLY_KEY),
        ]

    def _of(self, kind: str) -> Iterator[web.AbstractRouteDef]:
        objects, may = self._objects, self.gate.guarded
        base = f"{ROOT}/crm/objects/{VERSION}/{{kind:{kind}}}"
        one, name = f"{base}/{{id}}", f"hubspot:{kind}"
        scoped = f"crm.objects.{SCOPE_OF.get(kind, kind)}"
        read, write = f"{scoped}.read", f"{scoped}.write"
        search = may(self._searches.search, read, search=True)
        put = f"{one}/associations/default/{{to}}/{{to_id}}"
        links = may(self._account.links, read)
        yield web.post(f"{base}/search", search, name=f"{name}.search")
        yield web.post(f"{base}/batch/read", may(objects.batch, read), name=f"{name}.batch")
        yield web.get(base, may(objects.listing, read), name=f"{name}.list")
        yield web.post(base, may(objects.create, write), name=f"{name}.create")
        yield web.get(one, may(objects.reading, read), name=f"{name}.get")
        yield web.patch(one, may(objects.change, write), name=f"{name}.update")
        yield web.delete(one, may(objects.delete, write), name=f"{name}.delete")
        yield web.get(f"{one}/associations/{{to}}", links, name=f"{name}.associations")
        yield web.put(put, may(self._account.put, write), name=f"{name}.associate")


def vendors(stage: Stage) -> Sequence[Vendor]:
    """HubSpot."""
    return [HubSpot(stage)]
