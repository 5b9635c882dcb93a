"""What is old and over is forgotten; what is open, young or the audit log's never is."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from db.mail import EmailRow
from db.reports.days import ReportUsageRow
from db.store.session import Database
from db.store.vault import Vault
from services.actors import TIMER
from services.audit import Subject, note
from services.retention import Retention
from tests.conftest import NewDatabase

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
KEEP = timedelta(days=400)
YOUNG, OLD = timedelta(days=399), timedelta(days=401)


def email(state: str, age: timedelta) -> EmailRow:
    made = NOW - age
    return EmailRow(
        kind="x", to_address="a@b.c", subject_id="1", dedupe=f"{state}{age}", language="en",
        state=state, created_at=made,
    )  # fmt: skip


def usage(age: timedelta) -> ReportUsageRow:
    return ReportUsageRow(
        day=(NOW - age).date(), license_id="lic_1", provider="p", model="m", requests=1, failed=0,
        input_tokens=1, output_tokens=1, cost_micro=1, estimated=0,
    )  # fmt: skip


EVENT = text("""
INSERT INTO stripe_events (id, type, created_at, livemode, account, api_version, object_id,
    subscription_id, stripe_customer_id, payload, state, note, run, attempts, received_at)
VALUES (:id, 'x', :at, false, '', '', '', '', '', '{}', :state, '', 1, 0, :at)
""")


async def test_only_what_is_old_and_over_is_forgotten(
    migrated_database: NewDatabase, vault: Vault
) -> None:
    database = Database(await migrated_database(), vault)
    async with database.transaction() as session:
        session.add_all(email(state, age) for state in ("sent", "pending") for age in (YOUNG, OLD))
        session.add_all(usage(timedelta(days=days)) for days in (401, 799, 801))
        for state in ("done", "waiting", "parked"):
            for age in (YOUNG, OLD):
                given = {"id": f"{state}{age.days}", "state": state, "at": NOW - age}
                await session.execute(EVENT, given)
        note(session, TIMER, "tests.old", Subject("test", "1"))
    retention = Retention(database, KEEP, lambda: NOW)
    assert await retention.forget() == 3
    assert await retention.forget() == 0
    async with database.transaction() as session:
        left = {
            table: (await session.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()  # noqa: S608 - of this file
            for table in ("emails", "stripe_events", "report_usage", "audit_log")
        }
    assert left == {"emails": 3, "stripe_events": 5, "report_usage": 2, "audit_log": 1}
    await database.dispose()
