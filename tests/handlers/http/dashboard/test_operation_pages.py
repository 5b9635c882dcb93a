"""An operation is taken up again or ended on its page, and the audit log says by whom."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from db.operations import OperationRow
from db.store.session import Database
from tests.handlers.http.conftest import Api
from tests.handlers.http.dashboard.conftest import Screenless, drawn


async def kept(database: Database, kind: str, state: str) -> OperationRow:
    """An operation that stands like this."""
    now = datetime.now(UTC)
    row = OperationRow(
        kind=kind, subject_id=uuid4().hex, dedupe=uuid4().hex, title="May", actor_kind="slack",
        actor_id="U1", state=state, created_at=now, updated_at=now,
    )  # fmt: skip
    async with database.transaction() as session:
        session.add(row)
    return row


@pytest.mark.parametrize(
    ("act", "line"),
    [
        (("users.provision", "failed", "retry"), ("users.retry", "user")),
        (("tenants.suspend", "failed", "retry"), ("tenants.retry", "tenant")),
        (("issuing.bulk", "running", "cancel"), ("issuing.cancel", "bulk")),
        (("followups.write", "running", "cancel"), None),
    ],
)
async def test_who_takes_up_or_ends_what_is_the_business_is_in_the_audit_log(
    database: Database,
    api: Api,
    admin: Screenless,
    act: tuple[str, str, str],
    line: tuple[str, str] | None,
) -> None:
    kind, state, verb = act
    row = await kept(database, kind, state)
    page = f"/admin/operations/{row.id}"
    form = drawn(await admin.get(page), f"{page}/{verb}")
    # A double click sends one form twice.
    for _ in range(2):
        assert (await admin.post(f"{page}/{verb}", form)).status in (303, 409)
    lines = await api.services.audit.log.lines(subject_id=row.subject_id)
    told = [(one.action, one.subject.kind, one.operator.id) for one in lines]
    assert told == ([(*line, admin.operator.id)] if line else [])
