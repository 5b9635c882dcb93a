"""An operation over HTTP: its state and steps for admins, and for nobody else."""

from uuid import uuid4

from db.store.session import Database
from services.actors import Operator
from services.issuing import BULK_ISSUE
from services.operations import Start
from tests.handlers.http.conftest import ADMIN, Api

OPERATOR = Operator("admin_key", "tests", "Tests")


async def test_an_admin_sees_how_far_an_operation_is(api: Api, database: Database) -> None:
    start = Start(BULK_ISSUE, "bulk_none", "May.csv", OPERATOR, uuid4().hex, total=3)
    async with database.transaction() as session:
        made = await api.services.operations.start(session, start)
    told = await api.get(f"/api/operations/{made}", headers=ADMIN)
    assert (told.status, told.json["state"], told.json["total"]) == (200, "running", 3)
    assert [(step["name"], step["state"]) for step in told.json["steps"]] == [("issue", "waiting")]


async def test_an_operation_that_is_not_there_is_said_and_strangers_learn_nothing(api: Api) -> None:
    assert (await api.get("/api/operations/op_none", headers=ADMIN)).status == 404
    assert (await api.get("/api/operations/op_none", headers={})).status == 401
