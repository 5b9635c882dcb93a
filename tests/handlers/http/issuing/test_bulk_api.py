"""Bulk issues over HTTP: good lines once, bad ones told, the results safe to open."""

import asyncio
import io
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import pytest_asyncio

from bot.process.engine import Engine
from db.store.session import Database
from handlers.jobs import issuing
from tests.handlers.http.conftest import ADMIN, Api, Told, serving

PATH = "/api/licenses/bulk"
CSV = {**ADMIN, "Content-Type": "text/csv"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api(jobs_database: Database, engine: Engine) -> AsyncIterator[Api]:
    """The API beside an engine that does the work."""
    async with serving(jobs_database) as served:
        issuing.register(engine.runner, served.services)
        yield served


def file_of(lines: int, mark: str) -> str:
    """Good lines, with a bad one as every tenth."""
    rows = ["email,plan,months,domain,name"]
    for number in range(lines):
        plan = "gold" if number % 10 == 9 else "pro"
        rows.append(f'n{number}.{mark}@example.com,{plan},12,,"=cmd|{number}"')
    return "\r\n".join(rows)


async def ended(api: Api, started: Told) -> Told:
    """The bulk issue once it has ended."""
    assert started.status == 202, started.text
    for _ in range(600):
        told = await api.get(f"{PATH}/{started.json['id']}")
        if told.json["state"] in ("done", "failed"):
            return told
        await asyncio.sleep(0.05)
    raise AssertionError(told.text)


async def test_good_lines_are_issued_once_and_bad_ones_told(api: Api) -> None:
    csv = file_of(40, uuid4().hex)
    first = await ended(api, await api.post(PATH, headers=CSV, data=csv))
    told = [first.json[name] for name in ("state", "total", "issued", "known", "bad", "waiting")]
    assert told == ["done", 40, 36, 0, 4, 0]
    again = await ended(api, await api.post(PATH, {"csv": csv}))
    assert [again.json[name] for name in ("issued", "known", "bad")] == [0, 36, 4]


async def test_the_results_are_a_csv_that_no_spreadsheet_executes(api: Api) -> None:
    done = await ended(api, await api.post(PATH, headers=CSV, data=file_of(10, uuid4().hex)))
    results = await api.get(f"{PATH}/{done.json['id']}/results")
    assert results.headers["content-type"] == "text/csv; charset=utf-8"
    header, first, *_, last = results.text.removeprefix("\ufeff").splitlines()
    assert header == "line,email,plan,months,domain,name,state,reason,license_id"
    assert first.startswith("2,n0.")
    assert ",issued,," in first
    assert "'=cmd|0" in first
    assert last.startswith("11,n9.")
    assert ",bad," in last
    assert "gold" in last
    assert not any(cell.startswith("=") for cell in results.text.split(","))


@pytest.mark.parametrize(
    ("content", "data", "status", "code"),
    [
        ("text/csv", b"", 422, "invalid"),
        ("text/csv", b"PK\x03\x04", 422, "invalid"),
        ("text/csv", b"a,b\n1,2\n", 422, "invalid"),
        ("text/csv", b"x" * 10_000_001, 413, "too_large"),
        ("application/json", b"{}", 422, "invalid"),
        ("application/json", b'{"csv": 1}', 422, "invalid"),
        ("application/xml", b"<a/>", 415, "unknown_content"),
    ],
)
async def test_a_file_that_cannot_be_used_is_refused_as_a_whole(
    api: Api, content: str, data: bytes, status: int, code: str
) -> None:
    headers = {**ADMIN, "Content-Type": content}
    told = await api.post(PATH, headers=headers, data=io.BytesIO(data))
    assert (told.status, told.code) == (status, code)


async def test_a_bulk_issue_that_does_not_exist_is_a_404(api: Api) -> None:
    assert (await api.get(f"{PATH}/bulk_none")).status == 404
    assert (await api.get(f"{PATH}/bulk_none/results")).status == 404
