"""Runbooks at the address that alerts link to; figures only where they were asked for."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.process.metrics import Metrics
from handlers.http.alerts import RUNBOOKS
from handlers.http.health import METRICS
from handlers.http.kit.counting import COUNT
from services.alerts import Cause
from tests.handlers.http.conftest import Api, application


@pytest.mark.parametrize("cause", list(Cause))
async def test_every_cause_has_a_page_that_says_what_to_do(api: Api, cause: Cause) -> None:
    told = await api.get(f"/runbooks/{cause.value}")
    assert told.status == 200
    assert "## What to do" in told.text


def test_every_page_is_one_of_a_cause() -> None:
    assert {page.stem for page in RUNBOOKS.glob("*.md")} == {one.value for one in Cause}


@pytest.mark.parametrize("cause", ["nothing", "..%2F..%2FREADME", "vendor_down.md"])
async def test_nothing_else_is_read_from_there(api: Api, cause: str) -> None:
    assert (await api.get(f"/runbooks/{cause}")).status == 404


async def test_without_the_setting_there_are_no_figures(api: Api) -> None:
    app: web.Application = application(api.services)
    del app[METRICS]
    async with TestClient(TestServer(app)) as client:
        assert (await client.get("/metrics")).status == 404


async def test_strangers_paths_and_methods_add_five_lines_at_most(api: Api) -> None:
    metrics, app = Metrics(), application(api.services)
    app[METRICS], app[COUNT] = metrics.render, metrics.request
    async with TestClient(TestServer(app)) as client:
        await client.get("/health/live")
        before = len((await (await client.get("/metrics")).text()).splitlines())
        for number in range(500):
            await client.get(f"/scan/{number}.php?x={number}")
        for number in range(20):
            await client.request(f"MADEUP{number}", "/health/live")
        after = (await (await client.get("/metrics")).text()).splitlines()
    # A counter's line, that of its time, and what this reading itself added.
    assert len(after) - before <= 5
    # Methods that are none do not even reach a route.
    assert 'seguito_http_requests_total{route="none",status="4xx"} 500.0' in after
