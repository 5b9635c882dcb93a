"""A durable operation: followed, retried, cancelled, whatever it is about."""

from functools import partial

from aiohttp import web

from handlers.http.dashboard.kit.live import LiveSource, LiveVersion, stream
from handlers.http.dashboard.kit.pages import Page
from handlers.http.dashboard.kit.visit import Visit
from services import Services
from services.operations import Operation
from views.dashboard import operations as views
from views.dashboard.kit.blocks import PageBlock, Screen
from views.dashboard.kit.reader import PageReader
from views.words.dashboard import operations as say


async def show(visit: Visit) -> web.Response:
    """One, wherever its own page is."""
    operation = await visit.services.operations.see(visit.part("id"))
    blocks = (views.followed(operation, visit.reader), views.facts(operation, visit.reader))
    return visit.show(Screen(operation.title, blocks))


async def live(visit: Visit) -> web.StreamResponse:
    """Its steps as they go."""
    operation_id = visit.part("id")
    source = LiveSource(
        partial(_version, visit.services, operation_id),
        partial(_blocks, visit.services, operation_id),
    )
    return await stream(visit, f"operation:{operation_id}", source)


async def retry(visit: Visit) -> web.Response:
    """From where it failed."""
    operation = await visit.services.operations.retry(visit.operator, visit.part("id"))
    return visit.done(visit.before(_own(operation)), say.RETRIED)


async def cancel(visit: Visit) -> web.Response:
    """Begin nothing further."""
    operation = await visit.services.operations.cancel(visit.operator, visit.part("id"))
    return visit.done(visit.before(_own(operation)), say.CANCELLED)


async def _version(services: Services, operation_id: str) -> LiveVersion:
    operation = await services.operations.see(operation_id)
    steps = ",".join(f"{one.state}{one.attempt}" for one in operation.steps)
    mark = f"{operation.run}.{operation.state}.{operation.done}.{steps}"
    return LiveVersion(mark, operation.is_over)


async def _blocks(
    services: Services, operation_id: str, reader: PageReader
) -> tuple[PageBlock, ...]:
    return views.operation_blocks(await services.operations.see(operation_id), reader)


def _own(operation: Operation) -> str:
    return f"{views.PATH}/{operation.id}"


ONE = f"{views.PATH}/{{id}}"
PAGES = (
    Page("GET", ONE, show),
    Page("GET", f"{ONE}/live", live),
    Page("POST", f"{ONE}/retry", retry),
    Page("POST", f"{ONE}/cancel", cancel),
)
