"""Licenses in bulk over HTTP: a CSV goes in, a job runs, every line can be looked up."""

from aiohttp import web

from handlers.http.kit.context import language, operator, services
from handlers.http.kit.endpoints import JSON, Endpoint, answer, read, read_bytes, routes_of
from handlers.http.kit.problems import HEADERS, Problem
from services.issuing import MAX_BYTES, Manner
from views.api.issuing import BulkAnswer, BulkBody, bulk_answer, results_csv

PATH = "/api/licenses/bulk"
CSV = "text/csv"
# In JSON a line end becomes two characters, and a letter may become six.
LONGEST_JSON = MAX_BYTES * 2


async def start(request: web.Request) -> web.Response:
    """Read a file and begin to issue its good lines."""
    who = await operator(request)
    csv, manner = await _file(request)
    bulk = services(request).issuing.bulk
    bulk_id = await bulk.start(who, csv, manner=manner)
    return answer(bulk_answer(await bulk.progress(bulk_id)), 202)


async def progress(request: web.Request) -> web.Response:
    """How far it is."""
    await operator(request)
    return answer(
        bulk_answer(await services(request).issuing.bulk.progress(request.match_info["id"]))
    )


async def results(request: web.Request) -> web.Response:
    """Every line as CSV."""
    await operator(request)
    bulk_id = request.match_info["id"]
    lines = await services(request).issuing.bulk.results(bulk_id)
    named = {**HEADERS, "Content-Disposition": 'attachment; filename="licenses.csv"'}
    return web.Response(body=results_csv(lines), content_type=CSV, charset="utf-8", headers=named)


async def _file(request: web.Request) -> tuple[bytes, Manner]:
    spoken = language(request)
    if request.content_type == CSV:
        return await read_bytes(request, limit=MAX_BYTES), Manner(language=spoken)
    if request.content_type != JSON:
        message = f"Send the file as {CSV}, or as {JSON} with the field csv."
        raise Problem(415, "unknown_content", message)
    body = await read(request, BulkBody, limit=LONGEST_JSON)
    return body.csv.encode(), Manner(send_email=body.send_email, language=spoken)


ENDPOINTS = (
    Endpoint(
        "POST",
        PATH,
        start,
        "Issue many licenses from a CSV",
        "bulk",
        "admin",
        BulkBody,
        {202: BulkAnswer},
        description="Up to 10,000 lines and 10 MB. A bad line holds up no good one. The same file "
        "again issues nothing twice: a line is known by what it says.",
        errors=(415,),
        accepts=(CSV,),
    ),
    Endpoint(
        "GET",
        PATH + "/{id}",
        progress,
        "Get the progress of a bulk issue",
        "bulk",
        "admin",
        answers={200: BulkAnswer},
    ),
    Endpoint(
        "GET",
        PATH + "/{id}/results",
        results,
        "Get the results of a bulk issue as CSV",
        "bulk",
        "admin",
        answers={200: CSV},
    ),
)


def routes() -> list[web.RouteDef]:
    """Everything under /api/licenses/bulk."""
    return [*routes_of(ENDPOINTS), web.route("*", PATH, _refuse_method)]


async def _refuse_method(request: web.Request) -> web.Response:
    """Without it other methods would find the license of the id “bulk”."""
    raise web.HTTPMethodNotAllowed(request.method, ["POST"])
