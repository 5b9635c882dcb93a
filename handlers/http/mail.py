"""The outbox of e-mails over HTTP."""

from aiohttp import web

from handlers.http.kit.context import operator, services
from handlers.http.kit.endpoints import Endpoint, answer, read_query, routes_of
from views.api.mail import EmailAnswer, EmailPage, EmailQuery, email_answer, email_page


async def list_emails(request: web.Request) -> web.Response:
    """The newest first."""
    await operator(request)
    asked = read_query(request, EmailQuery)
    found = await services(request).mail.emails.listed(
        state=asked.state,
        subject_id=asked.subject_id,
        before=asked.cursor,
        limit=asked.limit + 1,
    )
    return answer(email_page(found, asked.limit))


async def resend_email(request: web.Request) -> web.Response:
    """Send one now, whatever became of it before."""
    who = await operator(request)
    email = await services(request).mail.emails.resend(who, request.match_info["id"])
    return answer(email_answer(email), 202)


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/emails",
        list_emails,
        "List e-mails",
        "emails",
        "admin",
        answers={200: EmailPage},
        query=EmailQuery,
    ),
    Endpoint(
        "POST",
        "/api/emails/{id}/resend",
        resend_email,
        "Send an e-mail again",
        "emails",
        "admin",
        answers={202: EmailAnswer},
        errors=(409,),
        description="Sends it whatever became of it before, written anew as things are now.",
    ),
)


def routes() -> list[web.RouteDef]:
    """Everything under /api/emails."""
    return routes_of(ENDPOINTS)
