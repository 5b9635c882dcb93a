"""What every failure looks like to a program: one object with a sentence, a kind and a code."""

import orjson
from pydantic import BaseModel, Field

# The kind by status, in the words that clients of the big providers' APIs already know.
KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    405: "invalid_request_error",
    409: "conflict_error",
    413: "invalid_request_error",
    415: "invalid_request_error",
    422: "invalid_request_error",
    429: "rate_limit_error",
}
OUR_FAULT = "api_error"


class ErrorDetail(BaseModel):
    """Details of a failure."""

    message: str = Field(description="One sentence for people")
    type: str = Field(description="Kind of failure, as `invalid_request_error`")
    code: str = Field(description="Stable code for programs, as `license_expired`")
    param: str | None = Field(description="Name of the invalid field; null for none")


class ErrorAnswer(BaseModel):
    """Every answer that is not a success."""

    error: ErrorDetail


def error_json(status: int, code: str, message: str, param: str | None = None) -> bytes:
    """The body of a failure."""
    kind = KINDS.get(status, OUR_FAULT)
    detail = {"message": message, "type": kind, "code": code, "param": param}
    return orjson.dumps({"error": detail})
