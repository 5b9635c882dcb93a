"""The onboarding of a tenant: step by step from a company's name to a database that answers."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import SecretStr

from db.store.session import Database, seal
from db.tenants import tenants as table
from integrations.databases import ConnectionParts, DatabaseHealth, DatabaseState
from services.actors import Operator
from services.errors import DomainError, Temporary
from services.operations import (
    FAILED,
    Backoff,
    Done,
    Kind,
    Outcome,
    Retry,
    Skipped,
    Start,
    StepPlan,
    Work,
)
from services.ports import Announce, Clock
from services.tenants import notes as say
from services.tenants.invitations import Invitations
from services.tenants.ports import Migrations, OwnDatabases, SmokeQuery, TenantDatabases
from services.tenants.rows import (
    AskedToWait,
    NeedsAPerson,
    asking,
    keep_parts,
    known,
    parts_of,
    password_of,
    patiently,
    vendor_of,
)
from services.tenants.slugs import free_slug, slug_of
from services.tenants.state import (
    DELETED,
    DELETING,
    NEEDS_PERSON,
    ONBOARDING,
    OWN,
    READY,
    CardPlace,
    TenantTerms,
)

ONBOARD = "tenants.onboard"
PATIENT = Backoff(tries=10, first=timedelta(seconds=1), longest=timedelta(minutes=5))
LOOK_FIRST, LOOK_LAST = timedelta(milliseconds=500), timedelta(seconds=15)
LOOK_SHARE = 4  # a quarter of the time it has waited already
PASSWORD_BYTES = 24


@dataclass(frozen=True, slots=True)
class OnboardingPorts:
    """What the steps reach: providers by their names, migrations, a query, and who is told.

    `migrations` None: none are set up.
    """

    database: Database
    providers: Mapping[str, TenantDatabases]
    own: OwnDatabases | None
    migrations: Migrations | None
    smoke: SmokeQuery
    announce: Announce


class Onboarding:
    """Its steps, each of which may run again after a crash and then changes nothing twice."""

    def __init__(
        self, outside: OnboardingPorts, invitations: Invitations, terms: TenantTerms, clock: Clock
    ) -> None:
        self._outside = outside
        self._database = outside.database
        self._invitations = invitations
        self._terms = terms
        self._clock = clock

    def kind(self) -> Kind:
        """The steps in their order; their names are kept in the database."""
        return Kind(
            ONBOARD,
            (
                StepPlan("slug", self.slug),
                StepPlan("intent", self.intent),
                StepPlan("look", patiently(self.look, self.needs_person), PATIENT),
                StepPlan("create", patiently(self.create, self.needs_person), PATIENT),
                StepPlan("health", patiently(self.health, self.needs_person), PATIENT),
                StepPlan("parts", patiently(self.parts, self.needs_person), PATIENT),
                StepPlan("migrations", patiently(self.migrations, self.needs_person), PATIENT),
                StepPlan("invitation", self.invitation),
                StepPlan("smoke", patiently(self.smoke, self.needs_person), PATIENT),
                StepPlan("ready", self.ready),
            ),
            cancellable=False,
            ended=self.ended,
            about="tenant",
        )

    async def slug(self, work: Work) -> Outcome:
        """A short name that nobody else has, nor ever had."""
        async with self._database.transaction() as session:
            row = await known(session, work.subject_id, lock=True)
            if not row.slug:
                await table.lock_slugs(session)
                base = slug_of(row.company)
                row.slug = free_slug(base, await table.slugs_like(session, base))
        return Done(say.SLUG(work.language, slug=row.slug))

    async def intent(self, work: Work) -> Outcome:
        """The database's name and password, stored before anybody is asked for it."""
        async with self._database.transaction() as session:
            row = await known(session, work.subject_id, lock=True)
            if row.provider == OWN:
                return Done(say.INTENT_OWN(work.language))
            if not row.project_name:
                row.project_name = f"{self._terms.name_prefix}{row.slug}"
                seal(session, row, "password", secrets.token_urlsafe(PASSWORD_BYTES))
        return Done(say.INTENT(work.language, name=row.project_name))

    async def look(self, work: Work) -> Outcome:
        """Whether a database of this name is there, from a try whose answer was lost."""
        row = await self._begun(work.subject_id)
        if row.provider == OWN:
            return Skipped(say.NOT_LOOKED(work.language))
        found = await self._found(row)
        return Done((say.FOUND if found else say.NOT_THERE)(work.language))

    async def create(self, work: Work) -> Outcome:
        """Ask for the database, once: after a lost answer it is looked for first."""
        row = await self._begun(work.subject_id)
        if row.provider == OWN:
            return await self._own_is_empty(work, row)
        if row.ref or (row.asked_at is not None and await self._found(row)):
            return Skipped(say.FOUND(work.language))
        await self._create(row)
        return Done(say.CREATED(work.language))

    async def health(self, work: Work) -> Outcome:
        """Wait until every needed service answers, until a time that is stored."""
        row = await self._begun(work.subject_id)
        if row.provider == OWN:
            return Skipped(say.NOT_LOOKED(work.language))
        until = row.wait_until or await self._wait_until(work.subject_id)
        with asking(vendor_of(row)):
            health = await self._provider(row).health(row.ref)
        if health.state is DatabaseState.READY:
            return Done(say.HEALTHY(work.language))
        if health.state is DatabaseState.GONE:
            return await self._anew(work, row)
        await self._refuse(row, health)
        if self._clock() >= until:
            await self._wait_anew(work.subject_id)
            minutes = round(self._terms.patience.total_seconds() / 60)
            values = {"minutes": minutes, "detail": health.detail, "vendor": vendor_of(row)}
            raise DomainError(say.LATE, **values)
        waited = self._terms.patience - (until - self._clock())
        pause = min(LOOK_LAST, max(LOOK_FIRST, waited / LOOK_SHARE))
        return Retry(say.COMING_UP(work.language, detail=health.detail), pause)

    async def parts(self, work: Work) -> Outcome:
        """How the database is reached, as its provider says; kept in parts."""
        row = await self._begun(work.subject_id)
        if row.provider != OWN:
            with asking(vendor_of(row)):
                parts = await self._provider(row).parts(row.ref, await self._password(row.id))
            async with self._database.transaction() as session:
                row = await known(session, row.id, lock=True)
                keep_parts(session, row, parts)
        return Done(say.PARTS(work.language, host=row.host, mode=row.mode))

    async def migrations(self, work: Work) -> Outcome:
        """All that every tenant has."""
        await self._begun(work.subject_id)
        if self._outside.migrations is None:
            return Skipped(say.NO_MIGRATIONS(work.language))
        applied = await self._outside.migrations.catch_up(
            work.subject_id, await self._parts(work.subject_id)
        )
        told = say.MIGRATED(work.language, n=applied) if applied else say.UP_TO_DATE(work.language)
        return Done(told)

    async def invitation(self, work: Work) -> Outcome:
        """The administrator's invitation, mailed only once everything answers."""
        async with self._database.transaction() as session:
            row = await known(session, work.subject_id, lock=True)
            if not await self._invitations.ensure(session, row):
                return Skipped(say.HAS_ADMIN(work.language))
        return Done(say.INVITED(work.language, email=row.email))

    async def smoke(self, work: Work) -> Outcome:
        """A query that only a working database answers."""
        row = await self._begun(work.subject_id)
        with asking(vendor_of(row)):
            version = await self._outside.smoke.ask(await self._parts(row.id))
        async with self._database.transaction() as session:
            row = await known(session, row.id, lock=True)
            row.server_version = version
        return Done(say.SMOKE(work.language, version=version))

    async def ready(self, work: Work) -> Outcome:
        """From now on it may be used; the invitation leaves with the same transaction."""
        async with self._database.transaction() as session:
            row = await known(session, work.subject_id, lock=True)
            now = self._clock()
            if row.state == ONBOARDING:
                row.state, row.problem, row.updated_at = READY, "", now
                row.ready_at = row.ready_at or now
                row.trial_ends_at = row.trial_ends_at or now + self._terms.trial
                facts = {"id": row.id, "slug": row.slug, "plan": row.plan}
                await self._outside.announce(session, "tenant.ready", facts)
            mailed = await self._invitations.mail(session, row)
        if not mailed:
            return Done(say.READY_AGAIN(work.language))
        return Done(say.READY(work.language, email=row.email))

    async def ended(self, tenant_id: str, state: str) -> None:
        """Why it is not ready, where people look, when the onboarding failed."""
        if state != FAILED:
            return
        async with self._database.transaction() as session:
            row = await table.find(session, tenant_id, lock=True)
            if row is not None and row.state == ONBOARDING:
                row.state, row.updated_at = table.FAILED, self._clock()

    async def needs_person(self, tenant_id: str, sentence: str) -> None:
        """Keep the sentence: what a person has to mend before a retry."""
        async with self._database.transaction() as session:
            row = await table.find(session, tenant_id, lock=True)
            if row is not None and row.state == ONBOARDING:
                row.state, row.problem = NEEDS_PERSON, sentence
                row.updated_at = self._clock()

    async def _begun(self, tenant_id: str) -> table.TenantRow:
        """The row; what failed before is being tried again from here on."""
        async with self._database.transaction() as session:
            row = await known(session, tenant_id, lock=True)
            if row.state in (DELETING, DELETED):
                raise DomainError(say.BEING_DELETED)
            if row.state in (NEEDS_PERSON, table.FAILED):
                row.state, row.problem = ONBOARDING, ""
            if row.provider != OWN and row.provider not in self._outside.providers:
                raise NeedsAPerson(say.NO_PROVIDER)
        return row

    def _provider(self, row: table.TenantRow) -> TenantDatabases:
        return self._outside.providers[row.provider]

    async def _found(self, row: table.TenantRow) -> bool:
        with asking(vendor_of(row)):
            found = await self._provider(row).find(row.project_name or "")
        if found is not None:
            await self._keep_ref(row.id, found.ref)
        return found is not None

    async def _create(self, row: table.TenantRow) -> None:
        async with self._database.transaction() as session:
            asked = await known(session, row.id, lock=True)
            asked.asked_at = self._clock()
            password = password_of(session, asked)
        try:
            with asking(vendor_of(row)):
                made = await self._provider(row).create(row.project_name or "", password)
        except (NeedsAPerson, AskedToWait):
            # A clear no: nothing is there that we would have to look for.
            async with self._database.transaction() as session:
                (await known(session, row.id, lock=True)).asked_at = None
            raise
        await self._keep_ref(row.id, made.ref)

    async def _anew(self, work: Work, row: table.TenantRow) -> Outcome:
        """Somebody deleted it at the provider: the same intent makes it again."""
        await self._keep_ref(row.id, "")
        if not await self._found(row):
            await self._create(row)
        return Retry(say.GONE(work.language), LOOK_FIRST)

    async def _refuse(self, row: table.TenantRow, health: DatabaseHealth) -> None:
        if health.state is DatabaseState.BROKEN:
            values = {"vendor": vendor_of(row), "detail": health.detail, "name": row.project_name}
            raise NeedsAPerson(say.BROKEN, **values)

    async def _own_is_empty(self, work: Work, row: table.TenantRow) -> Outcome:
        if self._outside.own is None:
            raise NeedsAPerson(say.NO_PROVIDER)
        try:
            with asking(vendor_of(row)):
                is_empty = await self._outside.own.is_empty(await self._parts(row.id))
        except Temporary as error:
            raise NeedsAPerson(say.OWN_AWAY) from error
        if not is_empty:
            raise NeedsAPerson(say.OWN_NOT_EMPTY)
        return Done(say.OWN_EMPTY(work.language))

    async def _wait_until(self, tenant_id: str) -> datetime:
        async with self._database.transaction() as session:
            row = await known(session, tenant_id, lock=True)
            row.wait_until = row.wait_until or self._clock() + self._terms.patience
            return row.wait_until

    async def _wait_anew(self, tenant_id: str) -> None:
        """A retry, by a person or because it came up late, waits as long again."""
        async with self._database.transaction() as session:
            (await known(session, tenant_id, lock=True)).wait_until = None

    async def _keep_ref(self, tenant_id: str, ref: str) -> None:
        async with self._database.transaction() as session:
            (await known(session, tenant_id, lock=True)).ref = ref

    async def _password(self, tenant_id: str) -> SecretStr:
        async with self._database.transaction() as session:
            return password_of(session, await known(session, tenant_id))

    async def _parts(self, tenant_id: str) -> ConnectionParts:
        async with self._database.transaction() as session:
            return parts_of(session, await known(session, tenant_id))


def start_of(row: table.TenantRow, operator: Operator, shown: CardPlace) -> Start:
    """The one onboarding that a tenant has: starting it twice is one."""
    return Start(
        kind=ONBOARD,
        subject_id=row.id,
        title=row.company,
        operator=operator,
        dedupe=f"{ONBOARD}:{row.id}",
        language=shown.language,
        place=shown.place,
    )
