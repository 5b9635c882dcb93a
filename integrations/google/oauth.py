"""Signing in with Google: the web flow with PKCE, refreshing, revoking."""

import logging
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

import requests
from google_auth_oauthlib.flow import Flow
from oauthlib.oauth2 import OAuth2Error
from requests.adapters import HTTPAdapter
from requests_oauthlib import OAuth2Session

from integrations.errors import RateLimited, RefusedByVendor, Unreachable
from integrations.google.errors import VENDOR, no_answer, sign_in_failure
from integrations.google.types import SCOPES, Begun, Grant
from integrations.http import (
    DEADLINE,
    USUAL_WAIT,
    ClientOptions,
    in_thread,
    is_loopback,
    observed,
    retry_after,
)
from integrations.json_fields import document, text

T = TypeVar("T")

CONNECT = 5.0  # seconds
THREADS = 4
USUAL_LIFE = timedelta(hours=1)  # of an access token, when Google does not say
# Google answers `email` with its long name.
LONG_NAMES = {
    "https://www.googleapis.com/auth/userinfo.email": "email",
    "https://www.googleapis.com/auth/userinfo.profile": "profile",
}


class GoogleSignIn:
    """Speaks with Google's consent page and token endpoint; `close()` it at the end.

    The verbs raise Unreachable, RateLimited, Refused (Google's `error` code), and AuthExpired for
    `invalid_grant`: the code was used, the grant was taken back or has died of age, a changed
    password or a policy. That is final: never try again, ask the person to connect again.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        auth_url: str,
        token_url: str,
        revoke_url: str,
        options: ClientOptions | None = None,
    ) -> None:
        options = options or ClientOptions()
        self._client_id = client_id
        self._client_secret = client_secret
        self._auth_url = auth_url
        self._token_url = token_url
        self._revoke_url = revoke_url
        self._observe = options.observe
        self._deadline = options.deadline or DEADLINE
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="google-sign-in")
        # It writes whole tokens into its debug log.
        logging.getLogger("requests_oauthlib").setLevel(logging.INFO)

    def begin(self, *, state: str, redirect_uri: str, login_hint: str = "") -> Begun:
        """Where to send the person; asks no one. Keep the verifier with the state, on our side.

        `consent` is prompted for each time, because Google gives a refresh token only then.
        """
        flow = self._flow(redirect_uri, SCOPES)
        hint = {"login_hint": login_hint} if login_hint else {}
        with flow.oauth2session, _in_our_words():
            url, _ = flow.authorization_url(
                state=state, prompt="consent", include_granted_scopes="true", **hint
            )
        return Begun(_as_given(url, self._auth_url), flow.code_verifier)

    async def finish(self, *, code: str, verifier: str, redirect_uri: str) -> Grant:
        """Exchange the code of the callback; check the grant's scopes, people can untick them."""

        def exchange() -> Grant:
            flow = self._flow(redirect_uri, None, verifier)
            with flow.oauth2session, _in_our_words():
                token = flow.fetch_token(code=code, include_client_id=True, timeout=self._waits())
                return self._grant(token, "")

        return await self._in_thread("token.exchange", exchange)

    async def refresh(self, refresh_token: str) -> Grant:
        """A new access token; carries the old refresh token when Google sends no new one."""

        def exchange() -> Grant:
            with self._flow("", None).oauth2session as session, _in_our_words():
                token = session.refresh_token(
                    _as_https(self._token_url),
                    refresh_token=refresh_token,
                    timeout=self._waits(),
                    client_id=self._client_id,
                    client_secret=self._client_secret,
                )
                return self._grant(token, refresh_token)

        return await self._in_thread("token.refresh", exchange)

    async def revoke(self, token: str) -> None:
        """End the grant behind an access or refresh token; one that is gone already is fine."""

        def end() -> None:
            with self._flow("", None).oauth2session as session, _in_our_words():
                answer = session.post(
                    _as_https(self._revoke_url),
                    data={"token": token},
                    timeout=self._waits(),
                    withhold_token=True,
                )
                if answer.status_code >= 500:
                    raise Unreachable(VENDOR, str(answer.status_code))
                # 400 is Google's word for "no such token any more".
                if answer.status_code not in (200, 400):
                    raise RefusedByVendor(VENDOR, str(answer.status_code))

        await self._in_thread("token.revoke", end)

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _in_thread(self, operation: str, work: Callable[[], T]) -> T:
        with observed(self._observe, VENDOR, operation) as outcome:
            result = await in_thread(self._threads, work, VENDOR, self._deadline)
            outcome.status = 200
            return result

    def _waits(self) -> tuple[float, float]:
        return (CONNECT, self._deadline.total_seconds())

    def _flow(
        self, redirect_uri: str, scopes: tuple[str, ...] | None, verifier: str | None = None
    ) -> Flow:
        """A flow for one exchange; without scopes, so that oauthlib raises over no difference."""
        web = {
            "client_id": self._client_id,
            "client_secret": self._client_secret,
            "auth_uri": _as_https(self._auth_url),
            "token_uri": _as_https(self._token_url),
        }
        flow = Flow.from_client_config(
            {"web": web}, scopes=scopes, redirect_uri=redirect_uri, code_verifier=verifier
        )
        self._prepare(flow.oauth2session)
        return flow

    def _prepare(self, session: OAuth2Session) -> None:
        session.max_redirects = 0  # nobody forwards our secrets
        session.register_compliance_hook("access_token_response", _readable)
        session.register_compliance_hook("refresh_token_response", _readable)
        for url in (self._token_url, self._revoke_url):
            if _is_plain_loopback(url):
                session.mount(f"https://{urlsplit(url).netloc}/", _PlainLoopback())
                session.trust_env = False

    def _grant(self, token: Mapping[str, object], refresh_token: str) -> Grant:
        granted = token.get("scope")
        names = [str(name) for name in granted] if isinstance(granted, list) else []
        life = token.get("expires_in")
        seconds = timedelta(seconds=life) if isinstance(life, int) and life > 0 else USUAL_LIFE
        return Grant(
            email=_email(text(token, "id_token"), self._client_id),
            access_token=text(token, "access_token"),
            refresh_token=text(token, "refresh_token") or refresh_token,
            expires_at=datetime.now(UTC) + seconds,
            scopes=frozenset(LONG_NAMES.get(name, name) for name in names),
        )


class _PlainLoopback(HTTPAdapter):
    """Speaks http where the library was told https: it refuses http even to this very machine.

    Mounted for loopback hosts only; everything else really is https.
    """

    def build_connection_pool_key_attributes(
        self,
        request: requests.PreparedRequest,
        verify: bool | str,
        cert: str | tuple[str, str] | None = None,
    ) -> tuple[dict[str, object], dict[str, object]]:
        """Requests' own place for saying how a request is connected."""
        host, _ = super().build_connection_pool_key_attributes(request, verify, cert)
        return {**host, "scheme": "http"}, {}


def _is_plain_loopback(url: str) -> bool:
    return url.startswith("http://") and is_loopback(url)


def _as_https(url: str) -> str:
    return url.replace("http://", "https://", 1) if _is_plain_loopback(url) else url


def _as_given(url: str, original: str) -> str:
    return url.replace("https://", "http://", 1) if _is_plain_loopback(original) else url


def _readable(response: requests.Response) -> requests.Response:
    """Before oauthlib reads an answer: it would take a 502 page for a token without a token."""
    if response.status_code == 429:
        raise RateLimited(VENDOR, retry_after(response.headers) or USUAL_WAIT)
    if response.status_code >= 500:
        raise Unreachable(VENDOR, str(response.status_code))
    document(VENDOR, response.content)
    return response


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except OAuth2Error as error:
        raise sign_in_failure(error) from None
    except requests.RequestException as error:
        raise no_answer(error) from None
    except ValueError:
        raise RefusedByVendor(VENDOR, "malformed", "unreadable token answer") from None


def _email(id_token: str, client_id: str) -> str:
    """The address in an id token. It came over TLS from Google itself: no signature to check
    (OpenID Connect Core §3.1.3.7), only that it was made for us."""
    if not id_token:
        return ""
    _, _, rest = id_token.partition(".")
    claims = document(VENDOR, urlsafe_b64decode(rest.partition(".")[0] + "=="))
    if claims.get("aud") != client_id:
        raise RefusedByVendor(VENDOR, "wrong_audience", "the id token was made for somebody else")
    return text(claims, "email").lower()
