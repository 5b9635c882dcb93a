"""Exports: the rows of a page as a file, with the page's own filters."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

from aiohttp import web

from handlers.http.dashboard.kit.headers import HEADERS
from handlers.http.dashboard.kit.pages import Page
from handlers.http.dashboard.kit.visit import Visit
from services.errors import DomainError
from services.reports import MOST_AT_ONCE, ExportOrder
from views.dashboard import exports as views
from views.dashboard.report_parts import EXPORTS
from views.words.dashboard import exports as say

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PIECE = 64 * 1024


async def csv(visit: Visit) -> web.StreamResponse:
    """Sent while it is read; what is asked wrongly is told as a page, before anything is sent."""
    order = _order(visit)
    pieces = visit.services.reports.exports.csv(visit.operator, order, visit.reader.language)
    async with aclosing(pieces):
        first = await anext(pieces)
        response = _response(visit, order, "csv")
        await response.prepare(visit.request)
        await _send(visit, response, first, pieces)
    return response


async def xlsx(visit: Visit) -> web.StreamResponse:
    """Made as a whole, then sent; more than one sitting makes is offered as a job."""
    order, exports = _order(visit), visit.services.reports.exports
    if (await exports.size(order, MOST_AT_ONCE)).many:
        return visit.show(views.offer(order.name, visit.address, visit.reader))
    async with exports.xlsx(visit.operator, order, visit.reader.language) as path:
        response = _response(visit, order, "xlsx")
        response.content_length = path.stat().st_size
        await response.prepare(visit.request)
        with path.open("rb") as file:
            while piece := await asyncio.to_thread(file.read, PIECE):
                await response.write(piece)
    await response.write_eof()
    return response


async def start(visit: Visit) -> web.StreamResponse:
    """Begin the job, and go on to its page."""
    files = visit.services.reports.files
    file_id = await files.start(visit.operator, _order(visit), visit.reader.language)
    return visit.done(f"{views.FILES}/{file_id}", say.STARTED)


async def file(visit: Visit) -> web.StreamResponse:
    """How far it is, and the link once it is whole."""
    found = await visit.services.reports.files.find(visit.part("id"))
    return visit.show(views.file(found, visit.reader))


async def download(visit: Visit) -> web.StreamResponse:
    """A file that a job made."""
    files, file_id = visit.services.reports.files, visit.part("id")
    found = await files.find(file_id)
    async with aclosing(files.pieces(visit.operator, file_id)) as pieces:
        first = await anext(pieces)
        response = _response(visit, ExportOrder(found.name), "xlsx")
        response.content_length = found.size
        await response.prepare(visit.request)
        await _send(visit, response, first, pieces)
    return response


async def _send(
    visit: Visit, response: web.StreamResponse, first: bytes, rest: AsyncIterator[bytes]
) -> None:
    """A failure breaks the connection, so that nobody takes a part for the whole."""
    whole = False
    try:
        await response.write(first)
        async for piece in rest:
            await response.write(piece)
        await response.write_eof()
        whole = True
    except (ConnectionError, DomainError):
        # The audit log says that it failed; the person's browser, that the download did.
        return
    finally:
        if not whole and visit.request.transport is not None:
            visit.request.transport.abort()


def _order(visit: Visit) -> ExportOrder:
    return ExportOrder(visit.part("name"), visit.address.query)


def _response(visit: Visit, order: ExportOrder, form: str) -> web.StreamResponse:
    today = visit.services.reports.usage.today().isoformat()
    name = f"seguito-{order.name}-{today}.{form}"
    return web.StreamResponse(
        headers={
            **HEADERS,
            "Content-Type": TYPES[form],
            "Content-Disposition": f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}",
        }
    )


PAGES = (
    Page("GET", EXPORTS + "/{name}.csv", csv),
    Page("GET", EXPORTS + "/{name}.xlsx", xlsx),
    Page("POST", EXPORTS + "/{name}", start),
    Page("GET", views.FILES + "/{id}", file),
    Page("GET", views.FILES + "/{id}/download", download),
)
