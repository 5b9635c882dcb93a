"""Licenses from a CSV: uploaded, followed, read line by line."""

from aiohttp import web

from handlers.http.dashboard.kit.headers import HEADERS
from handlers.http.dashboard.kit.pages import Page
from handlers.http.dashboard.kit.visit import Visit, or_drawn_again
from services.errors import Invalid
from services.issuing import BULK_ISSUE, MAX_BYTES, Manner
from views.api.issuing import results_csv
from views.dashboard import bulk as views
from views.dashboard.licenses import BULK
from views.words.dashboard import bulk as say

# The file, and what a form has around it.
LIMIT = MAX_BYTES + 64 * 1024


async def ask(visit: Visit) -> web.Response:
    """The form."""
    return visit.show(views.ask(visit.reader))


@or_drawn_again(views.ask)
async def start(visit: Visit) -> web.Response:
    """Issue the good lines of a file."""
    file, manner = visit.typed.files.get(views.FILE), _manner(visit)
    if file is None:
        raise Invalid(say.NO_FILE, field=views.FILE)
    bulk = visit.services.issuing.bulk
    bulk_id = await bulk.start(visit.operator, file.content, manner=manner)
    return visit.done(f"{BULK}/{bulk_id}", say.STARTED)


async def one(visit: Visit) -> web.Response:
    """How far a file is."""
    bulk, bulk_id = visit.services.issuing.bulk, visit.part("id")
    progress, lines = await bulk.progress(bulk_id), await bulk.results(bulk_id)
    operation = await visit.services.operations.of_subject(BULK_ISSUE, bulk_id)
    return visit.show(views.one(progress, lines, operation, visit.reader))


async def results(visit: Visit) -> web.Response:
    """Every line."""
    body = results_csv(await visit.services.issuing.bulk.results(visit.part("id")))
    named = {**HEADERS, "Content-Disposition": 'attachment; filename="licenses.csv"'}
    return web.Response(body=body, content_type="text/csv", charset="utf-8", headers=named)


def _manner(visit: Visit) -> Manner:
    return Manner(send_email=visit.typed.checked(views.SEND), language=visit.reader.language)


ONE = f"{BULK}/{{id}}"
PAGES = (
    Page("GET", BULK, ask),
    Page("POST", BULK, start, limit=LIMIT),
    Page("GET", ONE, one),
    Page("GET", f"{ONE}/results.csv", results),
)
