"""The keys of a bulk issue are shown to ops admins, page by page, and the audit log tells of it."""

from uuid import uuid4

import pytest

from services.actors import Actor
from services.audit.audit import Audit
from services.errors import NotAllowed, NotFound
from services.issuing.bulk import KEYS
from tests.kit.license_desk import someone
from tests.kit.ops_desk import HOME, OpsStage
from tests.services.issuing.test_bulk import csv, desk, finished

# The same desk as the bulk issues have themselves.
__all__ = ("desk",)


async def test_admins_see_the_keys_page_by_page_and_the_log_tells_of_it(desk: OpsStage) -> None:
    emails = [someone() for _ in range(KEYS + 1)]
    good = [f"{email},pro,1,," for email in emails]
    bulk_id = await finished(desk, csv("x,pro,1,,", *good))
    first = await desk.uploads.keys(desk.admin, bulk_id, 0)
    rest = await desk.uploads.keys(desk.admin, bulk_id, first.after or 0)
    assert (len(first.keys), first.after, rest.after) == (KEYS, KEYS + 2, None)
    shown = (*first.keys, *rest.keys)
    assert [one.email for one in shown] == emails
    license = await desk.stage.licenses.of_key(shown[-1].key)
    assert license is not None
    assert license.email == emails[-1]
    log = await Audit(desk.stage.database).lines(subject_id=bulk_id)
    assert [line.action for line in log].count("bulk.reveal") == 2
    assert shown[0].key not in str(log)
    with pytest.raises(NotAllowed):
        await desk.uploads.keys(Actor(HOME, f"U{uuid4().hex}"), bulk_id, 0)
    with pytest.raises(NotFound):
        await desk.uploads.keys(desk.admin, "bulk_gone", 0)
