"""What an imitated vendor declares: all that the kit and the panel know of it.

A vendor is a folder beside `kit` with a module `vendor`, whose `vendors(stage)` makes one Vendor,
or several that share their state (Google's sign-in, Gmail and Calendar).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web

from integrations.sandbox.kit.faults import FaultKind

Json = dict[str, Any]
LAST = 100  # the place of a vendor that does not say one


@dataclass(frozen=True, slots=True)
class PanelPart:
    """What a vendor adds to the panel: a module of its own, perhaps a tab, perhaps styles.

    script   exports what it has of: draw() and count() of the tab, drawKeys(), steps, links
    tab      the tab's label; "" when the script adds no tab
    styles   style sheets beside the script
    """

    script: Path
    tab: str = ""
    styles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Key:
    """Something to copy from the panel's Keys: on which card, whose, and the key itself."""

    card: str
    name: str
    key: str
    person: str | None = None


class Vendor(Protocol):
    """One imitated vendor. What it does not have stays as it is here.

    name           unique; the part before the colon of its routes' names, and in faults
    place          where it stands among the tabs, keys and faults of the panel
    color          of its dot in the panel
    fault_kinds    beside those that every vendor knows; its own handlers apply them
    open_headers   in lower case: headers the journal may show
    secret_fields  in lower case: fields of bodies the journal hides
    request_id     the header under which it names a request
    panel          what it adds to the panel
    """

    name: str
    place: int = LAST
    color: str = "#8b9690"
    fault_kinds: Sequence[FaultKind] = ()
    open_headers: frozenset[str] = frozenset()
    secret_fields: frozenset[str] = frozenset()
    request_id: str = ""
    panel: PanelPart | None = None

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Its paths. Those named `name:operation` are journaled and can fail; pages need none."""
        return ()

    def environment(self, origin: str) -> Mapping[str, str]:
        """The settings with which the product talks to it; `origin` is the sandbox's address."""
        return {}

    def seed(self) -> Mapping[str, object]:
        """What `python -m bot seed` shall find set up beforehand."""
        return {}

    def error_body(self, status: int, code: str | None, message: str) -> Json:
        """The body of a refusal."""
        return {"error": message}

    def error_response(
        self, status: int, code: str | None = None, retry_after: float | None = None
    ) -> web.Response:
        """A planned refusal in the vendor's own shape; `retry_after` in seconds."""
        body = self.error_body(status, code, f"The sandbox was told to answer {status}.")
        response = web.json_response(body, status=status)
        if retry_after is not None:
            response.headers["Retry-After"] = f"{retry_after:g}"
        if self.request_id:
            response.headers[self.request_id] = "req_sandbox_fault"
        return response

    def contents(self) -> object:
        """What its tab shows, as JSON; asked for again whenever `stage.changed()` is called."""
        return None

    def account_keys(self) -> Sequence[Key]:
        """What a person would copy from their account there."""
        return ()

    async def open(self) -> None:
        """Begin, before the first request: listen on ports, make databases."""
        return None

    async def close(self) -> None:
        """Stop what is under way."""
        return None
