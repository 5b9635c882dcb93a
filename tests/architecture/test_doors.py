"""Private doors into libraries: pinned to a minor version, and still where we go through them."""

import inspect
from pathlib import Path

import pytest
from aiohttp import web
from apscheduler.executors.asyncio import AsyncIOExecutor
from dbos import DBOS, _datasource, _datasource_postgres, _queue, _sys_db
from packaging.requirements import Requirement
from packaging.version import Version
from rules_doors import DOORS
from slack_bolt.app.async_app import AsyncApp
from source import ROOT
from test_house import locked, required

PLACES = (
    ("aiohttp", web.RequestHandler, "_current_request"),
    ("aiohttp", web.RequestHandler, "_loop"),
    ("aiohttp", web.RequestHandler, "_messages"),
    ("aiohttp", web.RequestHandler, "_request_count"),
    ("aiohttp", web.RequestHandler, "_waiter"),
    ("apscheduler", AsyncIOExecutor, "_do_submit_job"),
    ("dbos", DBOS, "_recover_pending_workflows"),
    ("dbos", _datasource, "DatasourceOptions"),
    ("dbos", _datasource_postgres.PostgresAsyncDatasource, "_is_serialization_error"),
    ("dbos", _queue, "queue_worker_thread"),
    ("dbos", _sys_db.SystemDatabase, "_notification_fallback_polling_interval"),
)
# What constructors give their objects.
GIVEN = (
    ("dbos", DBOS, "_launched"),
    ("dbos", DBOS, "_sys_db"),
    ("dbos", DBOS, "_workflow_tasks"),
    ("slack-bolt", AsyncApp, "_async_listener_runner"),
)


@pytest.mark.parametrize(("library", "place", "name"), PLACES)
def test_a_private_name_is_where_we_use_it(library: str, place: object, name: str) -> None:
    assert name in dir(place)
    assert name in _door(library)


@pytest.mark.parametrize(("library", "place", "name"), GIVEN)
def test_objects_have_the_private_attribute_that_we_use(
    library: str, place: type, name: str
) -> None:
    assert f"self.{name}" in inspect.getsource(place)
    assert name in _door(library)


@pytest.mark.parametrize("library", DOORS)
def test_a_library_with_a_private_door_is_pinned_to_its_minor_version(library: str) -> None:
    (need,) = (one for one in required() if one.name == library)
    assert _refuses_the_next_minor(need)


def _refuses_the_next_minor(need: Requirement) -> bool:
    major, minor, *_ = Version(locked("requirements.lock")[need.name]).release
    return not need.specifier.contains(f"{major}.{minor + 1}.0")


def _door(library: str) -> str:
    return Path(ROOT / DOORS[library]).read_text()
