"""Sign-up and sign-in: Supabase Auth under an address of ours, byte for byte."""

from collections.abc import Iterator, Mapping
from functools import wraps

from aiohttp import web
from multidict import CIMultiDict

from handlers.http.kit.callers import address_of
from handlers.http.kit.context import language, services
from handlers.http.kit.endpoints import Endpoint, Handle, read_bytes, routes_of
from handlers.http.kit.problems import HEADERS, Problem
from services.auth import NO_BEARER, Action, AuthCall, AuthRefused
from services.client_network import network_of
from views.api.auth import (
    NEW_SHAPE,
    AddressBody,
    AuthErrorAnswer,
    AuthKeysAnswer,
    AuthSettingsAnswer,
    AuthUserAnswer,
    GrantQuery,
    LogInBody,
    LogOutQuery,
    NothingAnswer,
    RedirectQuery,
    RefreshBody,
    ResendBody,
    SessionAnswer,
    SignUpBody,
    UserUpdateBody,
    VerifyBody,
    auth_error_json,
)
from views.api.kit.openapi import Answers

ROOT = "/core/v1/auth"
MAX_BYTES = 64 * 1024
VERSION = "X-Supabase-Api-Version"
# What of the client's Auth may see. The key is ours, and Auth learns no other address than our own:
# only with the secret key would it believe one, and then it would skip the captcha.
PASSED = ("Content-Type", "User-Agent", "X-Client-Info", VERSION, "Referer", "redirect_to")
AUTHORIZATION = "Authorization"
# The two that act for a signed-in user; with a bearer any other might skip Auth's captcha.
FOR_A_USER = (Action.USER, Action.LOG_OUT)
SECRET = "bearer sb_secret_"  # noqa: S105 — how a header begins that has no business here
# Codes of Auth's for what we refuse in reading a request.
CODES = {408: "request_timeout", 413: "request_entity_too_large"}
BAD = "validation_failed"
AS_IT_IS = "Status, headers and body are Supabase Auth's own, also codes that are new to us."
CAPTCHA = "Where the project asks for a captcha, send its token in `gotrue_meta_security`."
REFUSED: Answers = dict.fromkeys((400, 404, 408, 413, 422, 429, 502, 503, 504), AuthErrorAnswer)
SIGNED_OUT: Answers = {401: AuthErrorAnswer, 403: AuthErrorAnswer, **REFUSED}


def _in_auths_shape(handler: Handle) -> Handle:
    """Tells what we refuse as Auth would: its clients read no other shape."""

    @wraps(handler)
    async def told(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except AuthRefused as refused:
            sentence = refused.sentence(language(request))
            return _refusal(request, refused.status, refused.code, sentence, refused.headers)
        except Problem as problem:
            code = CODES.get(problem.status, BAD)
            return _refusal(request, problem.status, code, problem.message, problem.headers)

    return told


@_in_auths_shape
async def sign_up(request: web.Request) -> web.StreamResponse:
    """A session, a user who waits for confirmation, or a look-alike of one."""
    return await _forward(request, Action.SIGN_UP)


@_in_auths_shape
async def log_in(request: web.Request) -> web.StreamResponse:
    """The password grant under a plain name."""
    return await _forward(request, Action.TOKEN, grant_type="password")


@_in_auths_shape
async def refresh(request: web.Request) -> web.StreamResponse:
    """The refresh grant under a plain name."""
    return await _forward(request, Action.TOKEN, grant_type="refresh_token")


@_in_auths_shape
async def token(request: web.Request) -> web.StreamResponse:
    """Any grant, as Supabase's clients ask for it."""
    return await _forward(request, Action.TOKEN)


@_in_auths_shape
async def recover(request: web.Request) -> web.StreamResponse:
    """An e-mail to whoever forgot the password."""
    return await _forward(request, Action.RECOVER)


@_in_auths_shape
async def resend(request: web.Request) -> web.StreamResponse:
    """An e-mail once more."""
    return await _forward(request, Action.RESEND)


@_in_auths_shape
async def verify(request: web.Request) -> web.StreamResponse:
    """A session for the code of an e-mail."""
    return await _forward(request, Action.VERIFY)


@_in_auths_shape
async def log_out(request: web.Request) -> web.StreamResponse:
    """The end of sessions."""
    return await _forward(request, Action.LOG_OUT)


@_in_auths_shape
async def read_user(request: web.Request) -> web.StreamResponse:
    """Who is signed in."""
    return await _forward(request, Action.USER)


@_in_auths_shape
async def update_user(request: web.Request) -> web.StreamResponse:
    """Another password, address or metadata."""
    return await _forward(request, Action.USER)


@_in_auths_shape
async def settings(request: web.Request) -> web.StreamResponse:
    """What clients may know of the project."""
    return await _forward(request, Action.SETTINGS)


@_in_auths_shape
async def keys(request: web.Request) -> web.StreamResponse:
    """The keys that access tokens are signed with."""
    return await _forward(request, Action.KEYS)


async def _forward(request: web.Request, action: Action, **fixed: str) -> web.StreamResponse:
    if action in FOR_A_USER and AUTHORIZATION not in request.headers:
        raise AuthRefused(401, "no_authorization", NO_BEARER)
    body = await read_bytes(request, limit=MAX_BYTES) if request.body_exists else b""
    query = ((name, value) for name, value in request.query.items() if name not in fixed)
    call = AuthCall(
        action,
        request.method,
        network_of(address_of(request)),
        query=(*fixed.items(), *query),
        headers=tuple(_passed(request, action)),
        body=body,
    )
    answer = await services(request).auth.forward(call)
    headers = CIMultiDict(answer.headers)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    return web.Response(status=answer.status, body=answer.body, headers=headers)


def _passed(request: web.Request, action: Action) -> Iterator[tuple[str, str]]:
    for name in PASSED:
        if name in request.headers:
            yield name, request.headers[name]
    bearer = request.headers.get(AUTHORIZATION, "")
    if action in FOR_A_USER and bearer and not bearer.lower().startswith(SECRET):
        yield AUTHORIZATION, bearer


def _refusal(
    request: web.Request, status: int, code: str, sentence: str, headers: Mapping[str, str]
) -> web.Response:
    version = request.headers.get(VERSION, "")
    told = {**HEADERS, **headers, "x-sb-error-code": code}
    if version >= NEW_SHAPE:
        told[VERSION] = NEW_SHAPE
    body = auth_error_json(status, code, sentence, version)
    return web.Response(status=status, body=body, content_type="application/json", headers=told)


ENDPOINTS = (
    Endpoint(
        "POST",
        f"{ROOT}/signup",
        sign_up,
        "Sign a user up",
        "auth",
        body=SignUpBody,
        query=RedirectQuery,
        answers={
            200: (SessionAnswer, "The session, or the user alone who has to confirm"),
            **REFUSED,
        },
        description=f"{AS_IT_IS} Credits and an OpenRouter key follow within seconds; an address "
        f"that is registered already gets Auth's look-alike answer and nothing else. {CAPTCHA}",
    ),
    Endpoint(
        "POST",
        f"{ROOT}/login",
        log_in,
        "Sign a user in",
        "auth",
        body=LogInBody,
        answers={200: SessionAnswer, **REFUSED},
        description=f"The same as `token` with the password grant. {AS_IT_IS} {CAPTCHA}",
    ),
    Endpoint(
        "POST",
        f"{ROOT}/refresh",
        refresh,
        "Refresh a session",
        "auth",
        body=RefreshBody,
        answers={200: SessionAnswer, **REFUSED},
        description=f"The same as `token` with the refresh grant. {AS_IT_IS}",
    ),
    Endpoint(
        "POST",
        f"{ROOT}/token",
        token,
        "Grant a session",
        "auth",
        query=GrantQuery,
        body=LogInBody,
        answers={200: SessionAnswer, **REFUSED},
        description=f"As Supabase's own clients ask for it. {AS_IT_IS} {CAPTCHA}",
    ),
    Endpoint(
        "POST",
        f"{ROOT}/recover",
        recover,
        "Send a recovery e-mail",
        "auth",
        body=AddressBody,
        query=RedirectQuery,
        answers={200: NothingAnswer, **REFUSED},
        description=f"Answers the same whether the address is known or not. {AS_IT_IS} {CAPTCHA}",
    ),
    Endpoint(
        "POST",
        f"{ROOT}/resend",
        resend,
        "Send an e-mail again",
        "auth",
        body=ResendBody,
        query=RedirectQuery,
        answers={200: NothingAnswer, **REFUSED},
        description=f"{AS_IT_IS} {CAPTCHA}",
    ),
    Endpoint(
        "POST",
        f"{ROOT}/verify",
        verify,
        "Confirm with the code of an e-mail",
        "auth",
        body=VerifyBody,
        answers={200: SessionAnswer, 403: AuthErrorAnswer, **REFUSED},
        description=AS_IT_IS,
    ),
    Endpoint(
        "POST",
        f"{ROOT}/logout",
        log_out,
        "Sign a user out",
        "auth",
        "user",
        query=LogOutQuery,
        answers={204: "The sessions have ended", **SIGNED_OUT},
        description=AS_IT_IS,
    ),
    Endpoint(
        "GET",
        f"{ROOT}/user",
        read_user,
        "The signed-in user",
        "auth",
        "user",
        answers={200: AuthUserAnswer, **SIGNED_OUT},
        description=AS_IT_IS,
    ),
    Endpoint(
        "PUT",
        f"{ROOT}/user",
        update_user,
        "Change the signed-in user",
        "auth",
        "user",
        body=UserUpdateBody,
        answers={200: AuthUserAnswer, **SIGNED_OUT},
        description=AS_IT_IS,
    ),
    Endpoint(
        "GET",
        f"{ROOT}/settings",
        settings,
        "Public settings of the project",
        "auth",
        answers={200: AuthSettingsAnswer, **REFUSED},
        description=AS_IT_IS,
    ),
    Endpoint(
        "GET",
        f"{ROOT}/.well-known/jwks.json",
        keys,
        "Public keys of access tokens",
        "auth",
        answers={200: AuthKeysAnswer, **REFUSED},
        description=AS_IT_IS,
    ),
)


def routes() -> list[web.RouteDef]:
    """All of them."""
    return routes_of(ENDPOINTS)
