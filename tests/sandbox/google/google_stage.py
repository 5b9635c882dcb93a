"""A stage for Google's side: a member who went through the consent page, and Google's clients."""

import asyncio
import base64
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any
from urllib.parse import parse_qs, urlsplit

import google_auth_httplib2
import httplib2
import pytest
import requests
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials
from google_auth_oauthlib.flow import Flow
from googleapiclient.discovery import build

from tests.sandbox.outside_stage import Outside

BACK = "http://127.0.0.1:3000/oauth/gmail/callback"
SCOPE = "https://www.googleapis.com/auth/"
COMPOSE, EVENTS, BUSY = (
    f"{SCOPE}gmail.compose",
    f"{SCOPE}calendar.events",
    f"{SCOPE}calendar.freebusy",
)
SCOPES = ["openid", f"{SCOPE}userinfo.email", COMPOSE, EVENTS, BUSY]
ADA = "ada@altamarea.example"


def flow(world: Outside) -> Flow:
    env = world.env
    config = {
        "client_id": env["GOOGLE_CLIENT_ID"],
        "client_secret": env["GOOGLE_CLIENT_SECRET"],
        "auth_uri": env["GOOGLE_AUTH_URL"],
        "token_uri": env["GOOGLE_TOKEN_URL"],
    }
    return Flow.from_client_config({"web": config}, scopes=SCOPES, redirect_uri=BACK)


async def decide(world: Outside, url: str, **choice: Any) -> dict[str, str]:
    """What the browser brings back after the page."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    form = {**asked, "account": ADA, "granted": SCOPES[2:], "decision": "allow", **choice}
    reply = await world.http.post("/google/o/oauth2/v2/auth", data=form)
    assert reply.status_code == 302, reply.text
    location = reply.headers["Location"]
    assert location.startswith(f"{BACK}?")
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


async def connect(world: Outside, **choice: Any) -> Credentials:
    """A member's whole way through the consent page."""
    web = flow(world)
    url, _ = web.authorization_url(access_type="offline", prompt="consent", state="s1")
    back = await decide(world, url, **choice)
    assert back["state"] == "s1"
    await asyncio.to_thread(web.fetch_token, code=back["code"])
    web.oauth2session.close()
    credentials = web.credentials
    assert isinstance(credentials, Credentials)
    return credentials


async def run(call: Callable[[], Any]) -> Any:
    """One blocking call of Google's client, away from the loop that serves it."""
    return await asyncio.to_thread(call)


def gmail(world: Outside, credentials: Credentials) -> Any:
    return _service(credentials, "gmail", "v1", world.env["GMAIL_API_URL"])


def calendar(world: Outside, credentials: Credentials) -> Any:
    url = f"{world.env['GOOGLE_CALENDAR_API_URL']}/calendar/v3/"
    return _service(credentials, "calendar", "v3", url)


class OneShot(httplib2.Http):
    """A connection that is closed after each answer, so that none is left open."""

    def request(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().request(*args, **kwargs)
        finally:
            self.close()


def _service(token: Credentials, name: str, version: str, url: str) -> Any:
    bare = Credentials(token=token.token)
    http = google_auth_httplib2.AuthorizedHttp(bare, http=OneShot(timeout=10))
    options = {"api_endpoint": url}
    return build(name, version, http=http, static_discovery=True, client_options=options)


async def refresh(credentials: Credentials) -> None:
    """Google's own refresh, with a session that is closed."""
    with requests.Session() as session:
        await asyncio.to_thread(credentials.refresh, Request(session=session))


def raw(**headers: str) -> str:
    message = EmailMessage()
    message["To"] = "Owen Hartwell <owen@hartwell-logistics.example>"
    message["Cc"] = "sam@altamarea.example"
    message["Subject"] = "Prossimi passi è 🎉"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Ciao Owen,\n\necco il preventivo.\n")
    message.add_alternative("<p>Ciao Owen,</p>", subtype="html")
    return base64.urlsafe_b64encode(message.as_bytes()).decode()


async def create(world: Outside, credentials: Credentials, **headers: str) -> dict[str, Any]:
    drafts = gmail(world, credentials).users().drafts()
    body = {"message": {"raw": raw(**headers)}}
    return dict(await run(drafts.create(userId="me", body=body).execute))


async def profile(world: Outside, credentials: Credentials) -> int:
    """The status of the simplest call with this token."""
    bearer = {"Authorization": f"Bearer {credentials.token}"}
    reply = await world.http.get("/gmail/gmail/v1/users/me/profile", headers=bearer)
    return reply.status_code


def relaxed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets oauthlib speak plain http, and take Google's own spelling of the scopes."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("OAUTHLIB_RELAX_TOKEN_SCOPE", "1")
