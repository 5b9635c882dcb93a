"""A rollout is asked for: what was typed is read at the door, and its check begins."""

import asyncio
import hashlib
import re
from datetime import timedelta

import orjson

from db.rollouts import migrations
from db.rollouts import rollouts as table
from db.store.session import Database, Session
from integrations.postgres_grammar.types import SqlStatement
from services.actors import Operator
from services.audit import Change, Subject, note
from services.errors import Conflict, Invalid
from services.operations import NOWHERE, Operations, Place, Start
from services.ports import Clock
from services.rollouts.fleet import Fleet
from services.rollouts.ports import SqlReader
from services.rollouts.refusals import (
    BAD_NUMBER,
    BAD_STRATEGY,
    BAD_TIME,
    BAD_VERSION,
    CANARY_NOT_CHOSEN,
    NO_SQL,
    NO_TENANT,
    OTHER_SQL,
)
from services.rollouts.state import CANARIES, NAMES, OPTIONS, RolloutOptions, RolloutOrder
from services.rollouts.waves import STRATEGIES

RUN = "rollouts.run"
VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}")
TIME = re.compile(r"(\d{1,6})\s*([smhd]?)")
UNITS = {"s": 1, "m": 60, "": 60, "h": 3_600, "d": 86_400}
LONGEST = timedelta(days=30)
MOST_FAILURES = 1_000
Statements = tuple[SqlStatement, ...]


class RolloutProposals:
    """Reads what is asked, keeps it, and begins its check."""

    def __init__(
        self,
        database: Database,
        operations: Operations,
        reader: SqlReader,
        fleet: Fleet,
        clock: Clock,
        home: Place = NOWHERE,
    ) -> None:
        """`home`: where the card of who asks from elsewhere goes, the ops channel."""
        self._home = home
        self._database = database
        self._operations = operations
        self._reader = reader
        self._fleet = fleet
        self._clock = clock

    async def expect(self) -> None:
        """A form is open: the next order is read quickly."""
        await self._reader.warm()

    async def read(self, order: RolloutOrder) -> tuple[Statements, Statements]:
        """Both scripts of an order that may be asked for; changes nothing.

        Raises Invalid with its field (`version`, `sql`, `rollback_sql`, `strategy`, `tenants`,
        `canary` …), Conflict where the version is known with other SQL.
        """
        if not VERSION.fullmatch(order.version):
            raise Invalid(BAD_VERSION, field="version")
        if order.strategy not in STRATEGIES:
            raise Invalid(BAD_STRATEGY, field="strategy", strategies=", ".join(STRATEGIES))
        if not order.up_sql.strip():
            raise Invalid(NO_SQL, field="sql")
        up, down = await self._scripts(order)
        async with self._database.transaction() as session:
            known = await migrations.find(session, order.version)
        if known is not None and known.hash != sql_hash(up, down):
            raise Conflict(OTHER_SQL, version=order.version)
        await self._check_tenants(order)
        return up, down

    async def propose(
        self, operator: Operator, order: RolloutOrder, request: str, place: Place = NOWHERE
    ) -> str:
        """The rollout's id; its check begins, and with `start` the rest by itself.

        The same `request` of an operator is the same rollout. Raises as `read` does.
        """
        up, down = await self.read(order)
        now = self._clock()
        asked = f"{operator.kind}:{operator.id}:{request}".encode()
        row = table.RolloutRow(
            id=f"ro_{hashlib.sha256(asked).hexdigest()[:12]}",
            version=order.version,
            hash=sql_hash(up, down),
            up_sql=order.up_sql,
            down_sql=order.down_sql.strip() and order.down_sql,
            strategy=order.strategy,
            canary=order.canary if order.strategy in CANARIES else "",
            tenants=NAMES.dump_json(order.tenants).decode(),
            options=OPTIONS.dump_json(order.options).decode(),
            wanted=order.start,
            dry_run=order.dry_run,
            operator_kind=operator.kind,
            operator_id=operator.id,
            operator_name=operator.name,
            language=order.language,
            created_at=now,
            updated_at=now,
        )
        async with self._database.transaction() as session:
            if await table.find(session, row.id) is None:
                await self._keep(session, operator, row, place)
        return row.id

    async def _keep(
        self, session: Session, operator: Operator, row: table.RolloutRow, place: Place
    ) -> None:
        start = Start(
            kind=RUN,
            subject_id=row.id,
            title=row.version,
            operator=operator,
            dedupe=f"{RUN}:{row.id}",
            place=self._home if place == NOWHERE else place,
            language=row.language,
        )
        session.add(row)
        row.operation_id = await self._operations.start(session, start)
        facts = {"version": row.version, "strategy": row.strategy, "hash": row.hash}
        outcome = "dry_run" if row.dry_run else "done"
        change = Change(after=facts, outcome=outcome)
        note(session, operator, "rollouts.propose", Subject("rollout", row.id), change)

    async def _scripts(self, order: RolloutOrder) -> tuple[Statements, Statements]:
        if not order.down_sql.strip():
            return await self._statements(order.up_sql, "sql"), ()
        # Side by side: a person waits in front of a form.
        return await asyncio.gather(
            self._statements(order.up_sql, "sql"),
            self._statements(order.down_sql, "rollback_sql"),
        )

    async def _statements(self, sql: str, field: str) -> Statements:
        try:
            return await self._reader.read(sql)
        except Invalid as error:
            raise Invalid(error.phrase, field=field, **error.values) from error

    async def _check_tenants(self, order: RolloutOrder) -> None:
        if not order.tenants and not order.canary:
            return
        ready = {
            name: one.id
            for one in await self._fleet.all()
            if one.ready
            for name in (one.id, one.name)
        }
        for asked in order.tenants:
            if asked not in ready:
                raise Invalid(NO_TENANT, field="tenants", tenant=asked)
        if order.canary and order.canary not in ready:
            raise Invalid(NO_TENANT, field="canary", tenant=order.canary)
        chosen = {ready[one] for one in order.tenants}
        if order.canary and chosen and ready[order.canary] not in chosen:
            raise Invalid(CANARY_NOT_CHOSEN, field="canary", tenant=order.canary)


def sql_hash(up: Statements, down: Statements) -> str:
    """Of both scripts' statements, whatever comments stand between them."""
    text = orjson.dumps([[one.sql for one in up], [one.sql for one in down]])
    return hashlib.sha256(text).hexdigest()


def read_time(typed: str, usual: timedelta, field: str) -> timedelta:
    """`30s`, `10m`, `24h`, `2d`, a bare number is minutes, "" the usual; raises Invalid (field)."""
    text = typed.strip().lower()
    if not text:
        return usual
    if not (found := TIME.fullmatch(text)):
        raise Invalid(BAD_TIME, field=field)
    read = timedelta(seconds=int(found[1]) * UNITS[found[2]])
    if read > LONGEST:
        raise Invalid(BAD_TIME, field=field)
    return read


def read_options(
    canary_watch: str, wave_watch: str, threshold: str, *, ticked: frozenset[str] = frozenset()
) -> RolloutOptions:
    """Options as typed; raises Invalid (`canary_watch`, `wave_watch`, `threshold`)."""
    usual = RolloutOptions()
    number = threshold.strip() or str(usual.threshold)
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:9]) <= MOST_FAILURES):
        raise Invalid(BAD_NUMBER, field="threshold")
    return RolloutOptions(
        canary_watch=read_time(canary_watch, usual.canary_watch, "canary_watch"),
        wave_watch=read_time(wave_watch, usual.wave_watch, "wave_watch"),
        threshold=int(number),
        return_by_itself="return_by_itself" in ticked,
        lock_timeout=timedelta(seconds=10) if "long_locks" in ticked else usual.lock_timeout,
    )
