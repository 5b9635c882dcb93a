"""Rules about rooms: one name for a domain on every floor, and one way into each."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from rule import Breach, Rule
from source import FLOORS, Source

# Domains, as docs/dev/glossary.md explains them; on each floor a module or package of this name.
DOMAINS = {
    *(
        "arrivals",
        "audit",
        "admins",
        "auth",
        "people",
        "connections",
        "meetings",
        "crm",
        "calendar",
        "evidence",
        "followups",
        "budgets",
        "habits",
    ),
    *("mail", "webhooks", "ops", "licensing", "issuing", "validation", "gateway", "users"),
    *("credits", "tenants", "rollouts", "billing", "reports", "alerts", "doctor", "caching"),
    *("operations", "workspaces", "home", "retention"),
}
# What floors have beside domains.
GROUND = {
    "services": {
        *("actors", "clock", "errors", "phrases", "ports", "pages"),
        *("email_address", "formats", "idempotency", "prompt_text", "client_network"),
    },
    "handlers/slack": {"kit", "outbound"},
    "handlers/http": {"kit", "docs", "health", "dashboard"},
    "handlers/jobs": {"kit"},
    "views/slack": {"errors"},
    "views/api": {"kit"},
    "views/words": {"common", "pages", "problems", "dashboard"},
    "db": {
        *("store", "migrations", "tables", "rotation", "erasure"),
        *("installations", "idempotency", "backups", "quarantine", "key_ages"),
    },
}
# 40 is the aim; the widest face is that of followups, which everything comes together in.
FACE_LINES = 70
SANDBOX = "integrations/sandbox"
# What the rooms of the sandbox that are no vendors may import besides themselves.
SANDBOX_SHARED = {
    "kit": (),
    "model": ("kit",),
    "panel": ("kit",),
    "server.py": ("kit", "panel"),
    "__main__.py": ("kit", "server"),
}


class RoomsHaveTheDomainsNames(Rule):
    """Who looks for rollouts under three names on four floors finds two of them."""

    good = ("services/licensing/plans.py", "")
    bad = ("services/things.py", "")

    def governs(self, source: Source) -> bool:
        """The floors that are divided by domain."""
        return source.within(*GROUND)

    def breaches(self, source: Source) -> Iterator[Breach]:
        """A module or package that is neither a domain nor of the floor's ground."""
        for floor, ground in GROUND.items():
            if source.within(floor):
                room = source.path.relative_to(PurePosixPath(floor)).parts[0].removesuffix(".py")
                if room not in DOMAINS | ground | {"__init__"}:
                    yield Breach(1, f"“{room}” is no domain: see tests/architecture/rules_rooms.py")


class RoomsThroughTheirFaces(Rule):
    """A room whose insides are imported from outside can never be rearranged."""

    good = ("handlers/http/mail.py", "from services.mail import Emails")
    bad = ("services/issuing/bulk.py", "from services.licensing.plans import Plans")

    def governs(self, source: Source) -> bool:
        """The product."""
        return source.within(*FLOORS)

    def breaches(self, source: Source) -> Iterator[Breach]:
        """Imports from inside another room of services, and faces that are no faces any more."""
        mine = source.path.parts[1] if source.within("services") else ""
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ImportFrom) and (module := node.module or ""):
                floor, _, inside = module.partition(".")
                room, _, below = inside.partition(".")
                if floor == "services" and below and room != mine:
                    yield Breach(node.lineno, f"import it from services.{room}, its face")
        if source.path.name == "__init__.py" and source.within("services"):
            lines = source.text.count("\n")
            if len(source.path.parts) > 2 and lines > FACE_LINES:
                yield Breach(1, f"a face of {lines} lines; {FACE_LINES} are the most")


class SandboxVendorsApart(Rule):
    """A vendor that others import can neither be added nor removed by its folder alone."""

    good = (
        "integrations/sandbox/crono/vendor.py",
        "from integrations.sandbox.kit.plugin import Vendor",
    )
    bad = (
        "integrations/sandbox/panel/server.py",
        "from integrations.sandbox.google.accounts import GoogleAccounts",
    )

    def governs(self, source: Source) -> bool:
        """The sandbox."""
        return source.within(SANDBOX)

    def breaches(self, source: Source) -> Iterator[Breach]:
        """Imports of another vendor's folder."""
        here = source.path.relative_to(PurePosixPath(SANDBOX)).parts[0]
        allowed = {here, *SANDBOX_SHARED.get(here, ("kit", "model"))}
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                floor, _, rest = node.module.partition("sandbox.")
                room = rest.split(".")[0]
                if floor == "integrations." and room not in allowed:
                    yield Breach(node.lineno, f"vendors are known by kit/plugin.py, not as {room}")


RULES: tuple[Rule, ...] = (
    RoomsHaveTheDomainsNames(),
    RoomsThroughTheirFaces(),
    SandboxVendorsApart(),
)
