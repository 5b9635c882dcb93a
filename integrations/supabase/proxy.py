"""Auth as clients see it: requests pass with the publishable key, answers as they come."""

import aiohttp
from yarl import URL

from integrations.errors import AuthExpired, RefusedByVendor, Unreachable
from integrations.http import CONNECT, USER_AGENT, ClientOptions, credential, observed
from integrations.supabase.errors import KEY_REFUSED, VENDOR
from integrations.supabase.types import AuthRequest, AuthResponse

# Auth hashes a password and sends an e-mail meanwhile.
DEADLINE = 20.0  # seconds
LARGEST_ANSWER = 1 << 20  # bytes
SERVER_FAULT = 500
KEEP_ALIVE = 75.0  # seconds
# Of one connection, and of what is not Auth's to say to the client: it is said anew by our server.
NOT_PASSED = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding", "te"}
    | {"trailer", "upgrade", "proxy-authenticate", "server", "date", "set-cookie", "alt-svc"}
    | {"access-control-allow-origin", "access-control-allow-credentials", "vary"}
    | {"access-control-expose-headers", "access-control-allow-headers"}
    | {"access-control-allow-methods", "access-control-max-age", "strict-transport-security"}
)


class AuthTimedOut(Unreachable):
    """Auth did not answer in time; it may have done what it was asked."""


class AuthProxy:
    """Passes requests on, each once; `close()` it at the end.

    A session of aiohttp's instead of the shared client of httpx, as the gateway's: what passes here
    is timed against a bare proxy, and an answer is cut off at a size.
    """

    def __init__(self, base_url: str, key: str, options: ClientOptions | None = None) -> None:
        """`base_url` is the project's; `key` the publishable one."""
        self._root = URL(f"{base_url.rstrip('/')}/auth/v1")
        self._key = key
        options = options or ClientOptions()
        self._observe = options.observe
        whole = options.deadline.total_seconds() if options.deadline else DEADLINE
        self._timeout = aiohttp.ClientTimeout(whole, sock_connect=CONNECT.total_seconds())
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def check_key(self) -> None:
        """Return when the publishable key is accepted; raises AuthExpired, Unreachable."""
        answer = await self.send(AuthRequest("GET", "/settings"))
        if answer.status in KEY_REFUSED:
            raise AuthExpired(VENDOR, str(answer.status))
        if answer.status >= SERVER_FAULT:
            raise Unreachable(VENDOR, str(answer.status))

    async def send(self, asked: AuthRequest) -> AuthResponse:
        """Auth's answer, whatever its status.

        Raises Unreachable without one (of it AuthTimedOut), Refused `too_large` above a megabyte;
        what was asked for may have happened in each case.
        """
        with observed(self._observe, VENDOR, asked.path.strip("/")) as outcome:
            try:
                response = await self._sent(asked)
                async with response:
                    body = await _body(response)
                    outcome.status = response.status
            except TimeoutError:
                raise AuthTimedOut(VENDOR, "no answer before the deadline") from None
            except (aiohttp.ClientError, OSError) as error:
                # Not chained: the library may quote the request's headers in its message.
                raise Unreachable(VENDOR, type(error).__name__) from None
        passed = tuple(
            (name, value)
            for name, value in response.headers.items()
            if name.lower() not in NOT_PASSED
        )
        return AuthResponse(response.status, passed, body)

    async def _sent(self, asked: AuthRequest) -> aiohttp.ClientResponse:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE)
            self._session = aiohttp.ClientSession(
                connector=connector,
                timeout=self._timeout,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": USER_AGENT, "apikey": credential(VENDOR, self._key)},
            )
        url = (self._root / asked.path.lstrip("/")).with_query(asked.query)
        return await self._session.request(
            asked.method,
            url,
            data=asked.body or None,
            headers=asked.headers,
            allow_redirects=False,
        )


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """All of it, up to LARGEST_ANSWER; a longer one is not read on."""
    parts, size = [], 0
    async for part in response.content.iter_any():
        size += len(part)
        if size > LARGEST_ANSWER:
            response.close()
            raise RefusedByVendor(VENDOR, "too_large")
        parts.append(part)
    return b"".join(parts)
