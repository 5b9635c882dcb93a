"""The check-up really tries each connection, and says what mends it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

import pytest

from db.store.session import Database
from integrations.fathom.client import Fathom
from services.actors import Actor
from services.connections.connections import NO_FATHOM, NO_GMAIL, Connections
from services.connections.crm_keys import CrmKeys, SharedKeys
from services.connections.gmail import Gmail
from services.crm.access import CrmAccess
from services.doctor.checkups import Checkups, Finding
from services.errors import Disconnected, DomainError, Temporary
from services.phrases import Phrase

ADA = Actor("T1", "U1")
BUSY = Temporary(Phrase("Crono does not answer.", "Crono non risponde."))


def checkups(
    *,
    fathom: DomainError | None = None,
    google: DomainError | None = None,
    crono: DomainError | None = None,
    connected: bool = False,
) -> Checkups:
    """With vendors that fail as given."""

    async def check_fathom(actor: Actor) -> None:
        await _fail(fathom)

    async def of(actor: Actor) -> object | None:
        return crm if connected else None

    @asynccontextmanager
    async def using(actor: Actor) -> AsyncIterator[object]:
        yield crm

    async def check_google(actor: Actor) -> str:
        await _fail(google)
        return "ada@home.example"

    async def check() -> None:
        await _fail(crono)

    crm = SimpleNamespace(check=check, vendor="crono", name="Crono")
    connections = SimpleNamespace(check_fathom=check_fathom)
    return Checkups(
        cast(Connections, connections),
        cast(Gmail, SimpleNamespace(check=check_google)),
        cast(CrmAccess, SimpleNamespace(of=of, using=using)),
    )


async def _fail(error: DomainError | None) -> None:
    await asyncio.sleep(0)
    if error is not None:
        raise error


def told(findings: tuple[Finding, ...]) -> dict[str, tuple[bool, str]]:
    """What was found, by vendor."""
    return {finding.vendor: (finding.fine, finding.sentence("en")) for finding in findings}


async def test_everything_that_works_is_said_to_work() -> None:
    found = told(await checkups(connected=True).run(ADA))
    assert found == {
        "fathom": (True, "the key works"),
        "google": (True, "drafts go to ada@home.example"),
        "crono": (True, "works"),
    }


async def test_a_shared_key_is_a_connection_of_the_admins_it_serves(database: Database) -> None:
    shared = SharedKeys("T1", frozenset({"U1"}), "shared-key")
    keys = CrmKeys(database, shared, lambda: datetime.now(UTC))
    kept = Connections(database, cast(Fathom, None), shared, lambda: datetime.now(UTC), keys)
    assert await kept.fathom_key(ADA) == "shared-key"
    for actor, connected in ((ADA, True), (Actor("T1", "U2"), False), (Actor("T2", "U1"), False)):
        fathom, *_ = await kept.health(actor)
        assert (fathom.vendor, fathom.connected, fathom.since) == ("fathom", connected, None)


async def test_a_crm_that_nobody_connected_is_no_fault() -> None:
    assert told(await checkups().run(ADA))["crm"][0]


@pytest.mark.parametrize("language", ["en", "it"])
async def test_what_is_broken_is_told_with_what_mends_it(language: str) -> None:
    broken = checkups(
        fathom=Disconnected(NO_FATHOM, vendor="fathom"),
        google=Disconnected(NO_GMAIL, vendor="google"),
        crono=BUSY,
        connected=True,
    )
    findings = await broken.run(ADA)
    assert [finding.fine for finding in findings] == [False, False, False]
    assert findings[0].sentence(language) == NO_FATHOM(language)
