"""Sign-up and sign-in as the document tells them; what is answered are Auth's own bytes."""

from typing import Any

import orjson
from pydantic import BaseModel, Field

from views.api.kit.wire import Query

# Since this version an error is `{code, message}`; without one it is `{code, error_code, msg}`.
NEW_SHAPE = "2024-01-01"


class SignUpBody(BaseModel):
    """Somebody who signs up; Auth's other fields pass as well."""

    email: str = Field(description="E-mail address of the new user", examples=["olga@shop.example"])
    password: str = Field(
        description="Password, at least as strong as the project asks for",
        examples=["correct horse battery"],
    )
    redirect_to: str | None = Field(
        None,
        description="Page of your app that the link in the e-mail leads to",
        examples=["https://app.example.com/welcome"],
    )
    data: dict[str, Any] | None = Field(
        None, description="Metadata of the user", examples=[{"name": "Olga"}]
    )
    gotrue_meta_security: dict[str, Any] | None = Field(
        None, description="`captcha_token`, where the project asks for a captcha"
    )


class LogInBody(BaseModel):
    """E-mail address and password."""

    email: str = Field(description="E-mail address of the user", examples=["olga@shop.example"])
    password: str = Field(description="Password of the user", examples=["correct horse battery"])


class RefreshBody(BaseModel):
    """The newest refresh token."""

    refresh_token: str = Field(
        description="Newest refresh token of the session", examples=["v1k2m3n4p5q6"]
    )


class AddressBody(BaseModel):
    """Address of a forgotten password."""

    email: str = Field(description="E-mail address of the user", examples=["olga@shop.example"])
    redirect_to: str | None = Field(
        None,
        description="Page of your app that the link in the e-mail leads to",
        examples=["https://app.example.com/welcome"],
    )


class ResendBody(BaseModel):
    """Kind of the e-mail and its address."""

    type: str = Field(description="Kind of e-mail, `signup` or `email_change`", examples=["signup"])
    email: str = Field(description="E-mail address of the user", examples=["olga@shop.example"])


class VerifyBody(BaseModel):
    """The code of an e-mail, or the hash of its link."""

    type: str = Field(description="Kind of e-mail, as `signup` or `recovery`", examples=["signup"])
    email: str | None = Field(None, description="E-mail address, with `token`")
    token: str | None = Field(None, description="Six digits of the e-mail", examples=["482913"])
    token_hash: str | None = Field(None, description="Hash of the link, instead of `token`")


class UserUpdateBody(BaseModel):
    """New values of the user; what is left out stays."""

    email: str | None = Field(None, description="New e-mail address, which must be confirmed")
    password: str | None = Field(None, description="New password of the user")
    data: dict[str, Any] | None = Field(
        None, description="Metadata to merge into the user's", examples=[{"name": "Olga"}]
    )


class RedirectQuery(Query):
    """Target of the link in the e-mail."""

    redirect_to: str = Field(
        "",
        description="Page of your app; wins over the body's",
        examples=["https://app.example.com/welcome"],
    )


class GrantQuery(Query):
    """Kind of a grant."""

    grant_type: str = Field(
        description="Kind of grant, `password` or `refresh_token`", examples=["password"]
    )


class LogOutQuery(Query):
    """Scope of a sign-out."""

    scope: str = Field(
        "global", description="Sessions to end: `global`, `local` or `others`", examples=["global"]
    )


class AuthUserAnswer(BaseModel):
    """A user of Supabase Auth; its other fields pass as well."""

    id: str = Field(
        description="Identifier of the user, a UUID",
        examples=["5f0c9a52-7c1e-4b0e-9d55-0b9a4f7f1c11"],
    )
    email: str = Field(description="E-mail address of the user", examples=["olga@shop.example"])
    role: str = Field(
        description="Role of the user; empty in an answer that hides who is known",
        examples=["authenticated"],
    )
    identities: list[dict[str, Any]] = Field(
        description="Identities; empty when the address is registered already",
        examples=[[{"provider": "email"}]],
    )
    email_confirmed_at: str | None = Field(
        None, description="Time of the confirmation", examples=["2026-11-21T09:30:00Z"]
    )


class SessionAnswer(BaseModel):
    """A session of Supabase Auth."""

    access_token: str = Field(
        description="Token for requests, a JWT of Supabase",
        examples=["eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiI1ZjBjIn0.c2ln"],
    )
    token_type: str = Field(description="Kind of token, always `bearer`", examples=["bearer"])
    expires_in: int = Field(description="Seconds until the access token expires", examples=[3600])
    expires_at: int = Field(
        description="Time of expiry in seconds since 1970", examples=[1795257000]
    )
    refresh_token: str = Field(
        description="Token for the next session; works once", examples=["v1k2m3n4p5q6"]
    )
    user: AuthUserAnswer = Field(description="The user who signed in")


class NothingAnswer(BaseModel):
    """An empty object."""


class AuthSettingsAnswer(BaseModel):
    """Public settings of the project; its other fields pass as well."""

    disable_signup: bool = Field(
        description="Whether nobody may sign up any more", examples=[False]
    )
    mailer_autoconfirm: bool = Field(
        description="Whether new addresses count as confirmed", examples=[False]
    )
    external: dict[str, bool] = Field(
        description="Ways to sign in that are open", examples=[{"email": True, "phone": False}]
    )


class AuthKeysAnswer(BaseModel):
    """Public keys of access tokens (RFC 7517)."""

    keys: list[dict[str, Any]] = Field(
        description="Public keys, each with its `kid`",
        examples=[[{"kid": "k1", "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig"}]],
    )


class AuthErrorAnswer(BaseModel):
    """A refusal in Auth's own shape, also where we refuse before Auth is asked."""

    code: int = Field(description="HTTP status of the answer", examples=[400])
    error_code: str = Field(
        description="Code for programs, as `invalid_credentials`", examples=["validation_failed"]
    )
    msg: str = Field(
        description="One sentence for people",
        examples=["Unable to validate email address: invalid format"],
    )


def auth_error_json(status: int, code: str, message: str, version: str) -> bytes:
    """The body of a refusal of ours, in the shape of the version that the client named."""
    if version >= NEW_SHAPE:
        return orjson.dumps({"code": code, "message": message})
    return orjson.dumps({"code": status, "error_code": code, "msg": message})
