"""Stripe's refusals (contract C.6): one envelope, a type, and mostly a code and a parameter."""

from typing import Any

Json = dict[str, Any]
INVALID = "invalid_request_error"
TYPES = {402: "card_error", 429: "rate_limit_error"}
SERVER_FAULT = 500


class StripeFault(Exception):
    """A refusal; `more` are fields such as `decline_code`."""

    def __init__(
        self, status: int, message: str, *, code: str = "", param: str = "", kind: str = ""
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.code, self.param = status, message, code, param
        self.kind = kind or TYPES.get(status, INVALID)
        self.more: Json = {}

    def body(self) -> Json:
        """The envelope."""
        return error_body(self.kind, self.message, self.code, self.param, self.more)


def error_body(
    kind: str, message: str, code: str = "", param: str = "", more: Json | None = None
) -> Json:
    """What every refusal is wrapped in."""
    error: Json = {"message": message, "type": kind, **(more or {})}
    if code:
        error["code"] = code
        error["doc_url"] = f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"
    if param:
        error["param"] = param
    return {"error": error}


def invalid(message: str, param: str = "", code: str = "") -> StripeFault:
    """A 400 about a parameter."""
    return StripeFault(400, message, code=code, param=param)


def missing(noun: str, found: str, param: str = "id") -> StripeFault:
    """404: no such object; of another object's parameter it is 400, as Stripe has it."""
    status = 404 if param == "id" else 400
    text = f"No such {noun}: '{found}'"
    return StripeFault(status, text, code="resource_missing", param=param)


def declined(code: str = "card_declined", decline: str = "generic_decline") -> StripeFault:
    """402: the bank says no."""
    fault = StripeFault(402, "Your card was declined.", code=code, kind="card_error")
    fault.more = {"decline_code": decline}
    return fault
