"""Installing by OAuth in a browser: once, by whoever began, with a page for every end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from sqlalchemy import text

from db.store.session import Database
from services.actors import Actor
from tests.kit.door_stage import Stage, stage
from tests.kit.door_workspaces import ids
from tests.kit.rotating_slack import CLIENT

BACK = ("/slack/oauth_redirect", "/slack/oauth/callback")
GREETED = text("SELECT count(*) FROM dbos.workflow_status WHERE name = 'workspaces.greet'")


@dataclass
class Browser:
    """Follows no redirect by itself, keeps cookies."""

    stage: Stage
    http: aiohttp.ClientSession

    async def get(self, path: str, language: str = "en") -> tuple[int, str, str]:
        """Status, body, and where it leads."""
        url, headers = self.stage.server.make_url(path), {"Accept-Language": language}
        async with self.http.get(url, headers=headers, allow_redirects=False) as answer:
            return answer.status, await answer.text(), answer.headers.get("Location", "")

    async def begin(self) -> str:
        """The state with which Slack's consent page is asked for."""
        status, _, to = await self.get("/slack/install")
        assert status == 303
        asked = parse_qs(urlsplit(to).query)
        assert urlsplit(to).path.endswith("/oauth/v2/authorize")
        assert asked["client_id"] == [CLIENT["client_id"]]
        assert asked["redirect_uri"] == [BACK[0]]
        assert "chat:write" in asked["scope"][0]
        return asked["state"][0]


@asynccontextmanager
async def browsing(database: Database, **settings: str) -> AsyncIterator[Browser]:
    """A browser before an app that has no token of its own."""
    async with stage(database, **({"bot_token": ""} | CLIENT | settings)) as s:
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as http:
            yield Browser(s, http)


def granted(team: str | None, organisation: str | None = None, **more: Any) -> dict[str, Any]:
    """What oauth.v2.access answers."""
    return {
        "app_id": "A1",
        "authed_user": {"id": "U1"},
        "scope": "commands,chat:write",
        "access_token": f"xoxb-{team or organisation}",
        "bot_user_id": "UB1",
        "team": {"id": team, "name": "Brightside"} if team else None,
        "enterprise": {"id": organisation, "name": "Grid"} if organisation else None,
        "is_enterprise_install": team is None,
    } | more


@pytest.mark.parametrize("path", BACK)
async def test_a_workspace_installs_and_is_served_without_any_token_of_the_settings(
    database: Database, path: str
) -> None:
    async with browsing(database) as browser:
        team, s = ids()[1], browser.stage
        s.fake.answers["oauth.v2.access"] = lambda _: granted(team)
        s.fake.teams[f"xoxb-{team}"] = team
        state = await browser.begin()
        status, page, _ = await browser.get(f"{path}?code=c0de&state={state}")
        assert (status, "Seguito is in Brightside" in page) == (200, True)
        [exchange] = s.fake.named("oauth.v2.access")
        assert (exchange["code"], exchange["redirect_uri"]) == ("c0de", path)
        assert (await s.slack.client(Actor(team, "U1"))).token == f"xoxb-{team}"


async def test_the_installer_is_greeted_by_a_job_of_the_same_transaction(
    database: Database,
) -> None:
    async with browsing(database) as browser:
        team = ids()[1]
        browser.stage.fake.answers["oauth.v2.access"] = lambda _: granted(team)
        async with database.transaction() as session:
            before = (await session.execute(GREETED)).scalar_one()
        state = await browser.begin()
        await browser.get(f"{BACK[0]}?code=c&state={state}", "it-IT")
        async with database.transaction() as session:
            assert (await session.execute(GREETED)).scalar_one() == before + 1


async def test_an_organisation_installs_as_a_whole(database: Database) -> None:
    async with browsing(database) as browser:
        organisation = ids()[0]
        pair = {"refresh_token": "xoxe-1-a", "expires_in": 43_200}
        browser.stage.fake.answers["oauth.v2.access"] = lambda _: granted(
            None, organisation, **pair
        )
        state = await browser.begin()
        _, page, _ = await browser.get(f"{BACK[0]}?code=c&state={state}", "it-IT")
        assert "Seguito è in Grid" in page
        kept = await browser.stage.slack.store.installed(organisation, "")
        assert kept is not None
        assert (kept.team_id, kept.refresh_token) == ("", "xoxe-1-a")


async def test_a_state_is_good_once_and_in_the_browser_that_began(database: Database) -> None:
    async with browsing(database) as browser:
        team, s = ids()[1], browser.stage
        s.fake.answers["oauth.v2.access"] = lambda _: granted(team)
        state = await browser.begin()
        async with aiohttp.ClientSession() as other:
            url = s.server.make_url(f"{BACK[0]}?code=c&state={state}")
            async with other.get(url) as answer:
                assert answer.status == 400
        assert (await browser.get(f"{BACK[0]}?code=c&state={state}"))[0] == 200
        status, page, _ = await browser.get(f"{BACK[0]}?code=c&state={state}")
        assert (status, "is done already" in page) == (400, True)
        assert len(s.fake.named("oauth.v2.access")) == 1


@pytest.mark.parametrize("query", ["", "code=c", "code=c&state=", "code=c&state=invented%F0%9F"])
async def test_whoever_did_not_begin_installs_nothing(database: Database, query: str) -> None:
    async with browsing(database) as browser:
        await browser.begin()
        status, page, _ = await browser.get(f"{BACK[1]}?{query}")
        assert (status, 'href="/slack/install"' in page) == (400, True)
        assert not browser.stage.fake.named("oauth.v2.access")


@pytest.mark.parametrize(
    ("language", "sentence"), [("en", "You did not allow it"), ("it", "Non l’hai autorizzato")]
)
async def test_a_denial_says_that_nothing_changed_and_how_to_start_again(
    database: Database, language: str, sentence: str
) -> None:
    async with browsing(database) as browser:
        state = await browser.begin()
        denied = f"{BACK[0]}?error=access_denied&state={state}"
        status, page, _ = await browser.get(denied, language)
        assert (status, sentence in page, 'href="/slack/install"' in page) == (200, True, True)


@pytest.mark.parametrize(
    ("answer", "status", "sentence"),
    [
        ("invalid_code", 400, "Slack refused the install (invalid_code)"),
        ("service_unavailable", 503, "Slack does not answer"),
    ],
)
async def test_what_slack_refuses_is_a_sentence_and_keeps_nothing(
    database: Database, answer: str, status: int, sentence: str
) -> None:
    async with browsing(database) as browser:
        browser.stage.fake.faults["oauth.v2.access"] = answer
        state = await browser.begin()
        found, page, _ = await browser.get(f"{BACK[0]}?code=c&state={state}")
        assert (found, sentence in page) == (status, True)


async def test_a_word_in_the_address_is_never_put_on_the_page(database: Database) -> None:
    async with browsing(database) as browser:
        state = await browser.begin()
        _, page, _ = await browser.get(f"{BACK[0]}?error=<b>pay%20me</b>&state={state}")
        assert "pay me" not in page


async def test_a_bot_id_that_slack_does_not_tell_loses_no_install(database: Database) -> None:
    async with browsing(database) as browser:
        team = ids()[1]
        browser.stage.fake.answers["oauth.v2.access"] = lambda _: granted(team)
        browser.stage.fake.faults["auth.test"] = "internal_error"
        state = await browser.begin()
        assert (await browser.get(f"{BACK[0]}?code=c&state={state}"))[0] == 200
        assert await browser.stage.slack.store.installed("", team)


async def test_without_the_apps_secret_the_page_names_the_settings(database: Database) -> None:
    async with browsing(database, client_id="", client_secret="") as browser:
        status, page, _ = await browser.get("/slack/install")
        assert (status, "SLACK_CLIENT_SECRET" in page) == (404, True)
