"""Sites: places of a license taken by domains, and moved by the customers themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import JsonValue

from db.licensing import licenses
from db.licensing import sites as table
from db.store.session import Database, Session
from services.actors import Operator
from services.audit import Change, Subject, note
from services.errors import Conflict, NotFound
from services.licensing.domains import Domain
from services.licensing.eligibility import Code, Facts, place_for
from services.licensing.license_terms import one
from services.licensing.plan_terms import Plan
from services.licensing.plans import Plans
from services.phrases import Phrase
from services.ports import Announce, Clock

COOL_DOWN = timedelta(days=7)

NO_SITE = Phrase(
    "The license is not active on {domain}. GET /api/sites lists where it is.",
    "La licenza non è attiva su {domain}. GET /api/sites elenca dove lo è.",
)
TOO_SOON = Phrase(
    "This site was moved less than {days} days ago. It can be moved again from {date} (UTC).",
    "Questo sito è stato spostato meno di {days} giorni fa. Potrai spostarlo dal {date} (UTC).",
)


@dataclass(frozen=True, slots=True)
class Site:
    """A domain that holds a place; it may be released from `movable_at` on."""

    domain: str
    activated_at: datetime
    last_seen_at: datetime
    movable_at: datetime


class Sites:
    """Takes and gives back places; one license's at a time, under its row's lock."""

    def __init__(self, database: Database, plans: Plans, announce: Announce, clock: Clock) -> None:
        self._database = database
        self._plans = plans
        self._announce = announce
        self._clock = clock

    async def activate(self, license_id: str, domain: Domain) -> Code:
        """Give the domain a place if it needs one; twice, or at once elsewhere, is one place.

        A staging copy that comes before its site takes the place for the site.

        Returns VALID, or why not: DOMAIN_MISMATCH, SITE_LIMIT. Raises NotFound. Whether the
        license itself stands is asked before (`services.standing`).
        """
        async with self._database.transaction() as session:
            row = await one(session, license_id, lock=True)
            rows = await table.of_license(session, license_id)
            with self._database.joined(session):
                plan = await self._plans.find(row.plan, row.plan_version)
            place = place_for(_facts(row, rows, plan, self._clock()), domain)
            if place.activates:
                await self._take(session, row, rows, domain)
                if plan.max_sites == 1:
                    row.domain = domain.site
            return place.code

    async def release(self, license_id: str, domain: Domain) -> None:
        """Give a place back, for another domain to take; each place moves once in seven days.

        Raises NotFound for a domain that holds none, Conflict when it moved too recently.
        """
        async with self._database.transaction() as session:
            row = await one(session, license_id, lock=True)
            held = _held(await table.of_license(session, license_id))
            site = next((site for site in held if site.domain == domain.host), None)
            if site is None and row.domain != domain.host:
                raise NotFound(NO_SITE, domain=domain.host)
            if site is not None:
                self._refuse_haste(site)
                site.released_at = self._clock()
            if row.domain == domain.host:
                row.domain = ""
            await self._tell(session, row, "site.released", domain.host)

    async def listed(self, license_id: str) -> tuple[Site, ...]:
        """The domains that hold a place, the oldest first."""
        async with self._database.transaction() as session:
            return tuple(map(_site, _held(await table.of_license(session, license_id))))

    async def _take(
        self,
        session: Session,
        row: licenses.LicenseRow,
        rows: list[table.SiteRow],
        domain: Domain,
    ) -> None:
        now = self._clock()
        row.activated_at = row.activated_at or now
        given_up = [site for site in rows if site.released_at is not None]
        again = next((site for site in given_up if site.domain == domain.site), None)
        if again is not None:
            # Nobody moved: the domain is back in its own place.
            again.released_at, again.last_seen_at = None, now
        else:
            moved = bool(given_up)
            if moved:
                await session.delete(given_up[0])
            session.add(
                table.SiteRow(
                    license_id=row.id,
                    domain=domain.site,
                    activated_at=now,
                    last_seen_at=now,
                    moved_at=now if moved else None,
                )
            )
        await self._tell(session, row, "site.activated", domain.site)

    def _refuse_haste(self, site: table.SiteRow) -> None:
        movable = _movable_at(site)
        if self._clock() < movable:
            date = f"{movable:%Y-%m-%d %H:%M}"
            raise Conflict(TOO_SOON, days=COOL_DOWN.days, date=date)

    async def _tell(
        self, session: Session, row: licenses.LicenseRow, happened: str, host: str
    ) -> None:
        facts: dict[str, JsonValue] = {"license_id": row.id, "domain": host}
        holder = Operator("license", row.id)
        change = Change(after={"domain": host})
        verb = "sites.activate" if happened == "site.activated" else "sites.release"
        note(session, holder, verb, Subject("license", row.id), change)
        await licenses.changed(session, row.key_digest, row.previous_digest)
        await self._announce(session, happened, facts)


def _held(rows: list[table.SiteRow]) -> list[table.SiteRow]:
    return [site for site in rows if site.released_at is None]


def _movable_at(site: table.SiteRow) -> datetime:
    return site.moved_at + COOL_DOWN if site.moved_at else site.activated_at


def _site(row: table.SiteRow) -> Site:
    return Site(row.domain, row.activated_at, row.last_seen_at, _movable_at(row))


def _facts(row: licenses.LicenseRow, rows: list[table.SiteRow], plan: Plan, now: datetime) -> Facts:
    return Facts(
        license_id=row.id,
        customer_id=row.customer_id,
        status=row.status,
        expires_at=row.expires_at,
        activated_at=row.activated_at,
        plan=plan,
        domain=row.domain,
        sites=tuple(site.domain for site in _held(rows)),
        used=0,
        tokens=0,
        resets_at=now,
    )
