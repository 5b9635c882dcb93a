"""Who signed in is believed only from a token of Slack's, for our app, with our own nonce."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
import pytest_asyncio
from aiohttp import web

from integrations.errors import RefusedByVendor, Unreachable
from integrations.http import client
from integrations.jwks.types import Issuer
from integrations.jwks.verifier import TokenVerifier
from integrations.slack_openid.client import SlackOpenId
from tests.integrations.tokens import SigningKey

NONCE, APP, SECRET, BACK = "our nonce", "1.2", "app secret", "https://us.example/back"
LONG_AGO = 1_700_000_000
RIGHT = {
    "aud": APP,
    "sub": "U1",
    "nonce": NONCE,
    "name": "Ada",
    "https://slack.com/team_id": "T1",
    "https://slack.com/user_id": "U1",
}


class SlackDouble:
    """Answers with a token that says `claims`, or with `answer`."""

    def __init__(self, url: str) -> None:
        self.url, self.key, self.claims, self.answer = url, SigningKey("RS256"), dict(RIGHT), None

    async def __call__(self, request: web.BaseRequest) -> web.Response:
        if request.path.endswith("/keys"):
            return web.json_response({"keys": [self.key.jwk]})
        if self.answer is not None:
            return self.answer
        token = self.key.token(iss=self.url, email=None, role=None, **self.claims)
        return web.json_response({"ok": True, "id_token": token, "access_token": "xoxp-1"})


@pytest.fixture
def slack(vendor):
    vendor.answer = SlackDouble(vendor.url)
    return vendor.answer


@pytest_asyncio.fixture
async def openid(vendor, slack):
    issuer = Issuer("slack", vendor.url, APP, "/openid/connect/keys")
    tokens = TokenVerifier(client(vendor.url, "slack"), issuer, lambda: datetime.now(UTC))
    made = SlackOpenId(client(f"{vendor.url}/api/", "slack"), tokens, APP, SECRET, vendor.url)
    yield made
    await made.close()


async def test_a_code_becomes_a_person_of_a_workspace(openid, vendor) -> None:
    found = await openid.identify("code", BACK, NONCE)
    assert (found.team_id, found.user_id, found.name) == ("T1", "U1", "Ada")
    asked = vendor.seen[0]
    assert (asked.path, asked.form["redirect_uri"]) == ("/api/openid.connect.token", BACK)
    assert (asked.form["client_id"], asked.form["client_secret"]) == (APP, SECRET)


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": ""},
        {"nonce": None},
        {"nonce": "another"},
        {"aud": "another app"},
        {"iss": "https://evil.example"},
        {"exp": LONG_AGO},
        {"sub": "U2"},
        {"https://slack.com/team_id": None},
    ],
    ids=str,
)
async def test_a_token_that_is_wrong_in_one_thing_is_refused(openid, slack, wrong) -> None:
    claims = {**slack.claims, **wrong}
    url = claims.pop("iss", slack.url)
    slack.url, slack.claims = url, claims
    with pytest.raises(RefusedByVendor):
        await openid.identify("code", BACK, NONCE)


async def test_no_nonce_of_ours_matches_slacks_empty_one(openid, slack) -> None:
    slack.claims["nonce"] = ""
    with pytest.raises(RefusedByVendor):
        await openid.identify("code", BACK, "")


async def test_a_token_of_another_key_is_refused(openid, slack) -> None:
    await openid.identify("code", BACK, NONCE)
    known, slack.key = slack.key, SigningKey("RS256", kid=slack.key.kid)
    with pytest.raises(RefusedByVendor):
        await openid.identify("code", BACK, NONCE)
    slack.key = known


async def test_a_refusal_comes_with_status_200(openid, slack) -> None:
    slack.answer = web.json_response({"ok": False, "error": "invalid_code"})
    with pytest.raises(RefusedByVendor) as refused:
        await openid.identify("code", BACK, NONCE)
    assert refused.value.code == "invalid_code"


async def test_a_slack_that_is_down_is_told_as_such(openid, slack) -> None:
    slack.answer = web.Response(status=503, body=orjson.dumps({}))
    with pytest.raises(Unreachable):
        await openid.identify("code", BACK, NONCE)


def test_the_consent_page_is_asked_with_everything_slack_needs(openid) -> None:
    query = parse_qs(urlsplit(openid.consent_url("s", "n", BACK, "T1")).query)
    assert query == {
        "response_type": ["code"],
        "scope": ["openid profile email"],
        "client_id": [APP],
        "state": ["s"],
        "nonce": ["n"],
        "redirect_uri": [BACK],
        "team": ["T1"],
    }
