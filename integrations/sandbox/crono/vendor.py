"""Crono as the sandbox knows it."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from aiohttp import web

from integrations.sandbox.crono.api import KEYS, CronoApi
from integrations.sandbox.crono.crowd import add_crowd
from integrations.sandbox.crono.store import CronoStore
from integrations.sandbox.crono.wire import Failure
from integrations.sandbox.crono.writes import CronoWrites
from integrations.sandbox.kit.plugin import Json, Key, PanelPart, Vendor
from integrations.sandbox.kit.stage import Stage

ROOT = "/crono/api/v1"
RESOURCES = ("Accounts", "Prospects", "Opportunities", "Notes", "Users")
SHOWN = 500
PANEL = Path(__file__).parent / "panel"


class Crono(Vendor):
    """The public API, as far as the product could use it."""

    name = "crono"
    place = 40
    color = "#8a63c9"
    panel = PanelPart(PANEL / "crono.js", tab="Crono", styles=("crono.css",))

    def __init__(self, stage: Stage) -> None:
        self.store = CronoStore(stage.world)
        add_crowd(self.store, *stage.options.crm_size)
        self._api = CronoApi(self.store)
        self._writes = CronoWrites(self.store, stage.changed)

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Crono's paths."""
        api, writes = self._api, self._writes
        change, deal = api.guarded(writes.change_deal), api.guarded(writes.add_deal)
        deals, path = "crono:opportunities", f"{ROOT}/Opportunities"
        return [
            web.get(f"{ROOT}/Users", api.guarded(api.users), name="crono:users.list"),
            web.get(f"{ROOT}/Pipelines", api.guarded(api.pipelines), name="crono:pipelines.list"),
            web.post(f"{ROOT}/Tasks/search", api.guarded(api.tasks), name="crono:tasks.search"),
            web.post(f"{ROOT}/Tasks", api.guarded(writes.add_task), name="crono:tasks.create"),
            web.post(f"{ROOT}/Notes", api.guarded(writes.add_note), name="crono:notes.create"),
            web.post(path, deal, name=f"{deals}.create"),
            web.patch(path, change, name=f"{deals}.update"),
            *self._readers(),
        ]

    def environment(self, origin: str) -> Mapping[str, str]:
        """Address and the company's keys."""
        public, private = KEYS
        return {
            "CRONO_API_URL": f"{origin}/crono",
            "CRONO_PUBLIC_KEY": public,
            "CRONO_PRIVATE_KEY": private,
        }

    def error_body(self, status: int, code: str | None, message: str) -> Json:
        """Its envelope."""
        return Failure(code or "GenericError", message).envelope()

    def contents(self) -> object:
        """Every table; of a crowd the first few hundred."""
        store = self.store
        return {
            "accounts": list(islice(store.accounts.values(), SHOWN)),
            "prospects": list(islice(store.prospects.values(), SHOWN)),
            "deals": list(store.deals.values()),
            "notes": list(store.notes.values()),
            "tasks": list(store.tasks.values()),
        }

    def account_keys(self) -> Sequence[Key]:
        """The company's pair."""
        names = ("public", "private")
        return [Key("Crono", name, key) for name, key in zip(names, KEYS, strict=True)]

    def _readers(self) -> Iterator[web.AbstractRouteDef]:
        api = self._api
        for resource in RESOURCES:
            name, path = f"crono:{resource.lower()}", f"{ROOT}/{resource}"
            yield web.post(f"{path}/search", api.searching(resource), name=f"{name}.search")
            yield web.get(f"{path}/{{id}}", api.reading(resource), name=f"{name}.get")
            if resource != "Users":
                yield web.get(path, api.listing(resource), name=f"{name}.list")


def vendors(stage: Stage) -> Sequence[Vendor]:
    """Crono."""
    return [Crono(stage)]
