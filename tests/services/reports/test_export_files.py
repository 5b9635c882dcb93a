"""Exports by a job: made once, whole after a crash, fetched as they were made, gone after a day."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from db.store.session import Database
from services.actors import Operator
from services.audit import Audit
from services.errors import Invalid, NotFound
from services.operations import Display, Operations, Work
from services.reports import EXPORT, ExportFiles, ExportOrder, Exports
from tests.services.reports.test_exports import customers

ADA = Operator("admin", "ada", "Ada")


class Nowhere:
    """Draws nothing."""

    async def draw(self, operation: object) -> None:
        return None


class Shop:
    """Files of one database, at a time that is set by hand."""

    def __init__(self, database: Database) -> None:
        self.now = datetime.now(UTC)
        operations = Operations(database, cast(Display, Nowhere()), lambda: self.now)
        exports = Exports(database, ZoneInfo("UTC"), lambda: self.now)
        self.files = ExportFiles(database, exports, operations, lambda: self.now)
        operations.register(self.files.kind)
        self.database = database

    async def work(self, file_id: str) -> None:
        async def report(done: int, total: int) -> bool:
            return True

        await self.files.write(Work("op_1", EXPORT, file_id, 1, "write", 1, report))

    async def fetched(self, file_id: str) -> bytes:
        return b"".join([piece async for piece in self.files.pieces(ADA, file_id)])


@pytest_asyncio.fixture
async def shop(database: Database) -> AsyncIterator[Shop]:
    yield Shop(database)


async def test_a_file_is_whole_or_not_there(shop: Shop) -> None:
    mark = uuid4().hex
    await customers(shop.database, mark, 3)
    file_id = await shop.files.start(ADA, ExportOrder("customers", {"q": mark, "x": "y"}), "en")
    assert (await shop.files.find(file_id)).size is None
    with pytest.raises(NotFound):
        await shop.fetched(file_id)
    await shop.work(file_id)
    found = await shop.files.find(file_id)
    content = await shop.fetched(file_id)
    assert content.startswith(b"PK")
    assert (found.rows, found.size) == (3, len(content))
    lines = await Audit(shop.database).lines(subject_id="customers", limit=2)
    assert [line.action for line in lines] == ["exports.download", "exports.start"]


async def test_a_step_that_runs_again_leaves_one_file(shop: Shop) -> None:
    file_id = await shop.files.start(ADA, ExportOrder("audit"), "en")
    await shop.work(file_id)
    await shop.work(file_id)
    assert (await shop.fetched(file_id)).count(b"PK\x05\x06") == 1


async def test_a_form_that_is_sent_twice_makes_one_file(shop: Shop) -> None:
    once = replace(ADA, request=uuid4().hex)
    first = await shop.files.start(once, ExportOrder("audit"), "en")
    assert await shop.files.start(once, ExportOrder("audit"), "en") == first


async def test_a_file_is_gone_after_a_day(shop: Shop) -> None:
    file_id = await shop.files.start(ADA, ExportOrder("audit"), "en")
    await shop.work(file_id)
    shop.now += timedelta(days=1, minutes=1)
    await shop.files.forget()
    with pytest.raises(NotFound):
        await shop.files.find(file_id)


async def test_what_cannot_be_exported_starts_nothing(shop: Shop) -> None:
    with pytest.raises(Invalid):
        await shop.files.start(ADA, ExportOrder("secrets"), "en")
