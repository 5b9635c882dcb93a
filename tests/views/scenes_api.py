"""What programs are answered, as golden files: their clients compare it to the letter."""

from collections.abc import Callable
from datetime import UTC, datetime

from integrations.providers.types import Usage
from services.credits.entries import CreditEntry
from services.gateway.chats import BROKE_OFF, ChatRefused, ChatResult, Counted
from services.gateway.limits import Limits
from services.issuing.bulk_lines import BulkLine
from services.licensing.eligibility import Code, Eligibility, Facts
from services.validation.responses import ValidationResult
from tests.views.scenes import Given, Scene, given
from tests.views.scenes_licenses import plan
from views.api import credits, issuing, validation
from views.api.gateway import chat
from views.api.kit import csv, errors

START = datetime(2026, 11, 21, 9, tzinfo=UTC)
END = datetime(2027, 11, 21, 9, tzinfo=UTC)
MONTH_ENDS = datetime(2026, 12, 1, tzinfo=UTC)
ONCE = ("en",)
FACTS = Facts(
    license_id="lic_1",
    customer_id="cus_1",
    status="active",
    expires_at=END,
    activated_at=START,
    plan=plan(),
    domain="shop.example",
    sites=("shop.example",),
    used=7,
    tokens=1_234,
    resets_at=MONTH_ENDS,
)
KNOWN = ValidationResult(
    Eligibility(True, Code.VALID), FACTS, "The license is valid.", "active", "a.b.c"
)
UNKNOWN = ValidationResult(
    Eligibility(False, Code.NOT_FOUND), None, "This license key is not known."
)
ANSWER = ChatResult(
    content="Hello",
    model="gpt-5.4-mini",
    provider="openai",
    counted=Counted(Usage(9, 2), estimated=False),
    raw=b'{"id":"chatcmpl-1","choices":[]}',
    completion=b"{}",
    limits=Limits(100, 99, 3_600, 1_000, 8, MONTH_ENDS, 900_000),
)
BROKEN = ChatRefused(502, "broke_off", BROKE_OFF, provider="openai")
LINES = (
    BulkLine(
        2, "ada@shop.example", "pro", 12, "shop.example", "Ada", state="issued", license_id="l1"
    ),
    BulkLine(3, "=cmd()", "pro", None, "", "@evil", state="bad", reason="email: not an address"),
)
ENTRIES = (
    CreditEntry("ctx_2", 2, START, "take_back", -5, 0, 95, 0, "=1+1", ""),
    CreditEntry("ctx_1", 1, START, "grant", 100, 0, 100, 0, "Initial credits", ""),
)
FORMULAS = (("=cmd()", -1), ("+39 06", 2), ("@x", 0), ("-", 3), ("\tx", 1), ("plain", 1))


def _of(*arguments: object) -> Callable[[str], Given]:
    return lambda _: given(*arguments)


API = (
    Scene(validation.validate_json, "known", _of(KNOWN), ONCE),
    Scene(validation.validate_json, "unknown", _of(UNKNOWN), ONCE),
    Scene(validation.root_json, "normal", _of(), ONCE),
    Scene(errors.error_json, "normal", _of(422, "invalid", "plan: no such plan.", "plan"), ONCE),
    Scene(chat.answer_json, "normal", _of(ANSWER), ONCE),
    Scene(chat.broken_off, "normal", _of(BROKEN), ONCE),
    Scene(issuing.results_csv, "normal", _of(LINES), ONCE),
    Scene(credits.statement_csv, "normal", _of(ENTRIES), ONCE),
    Scene(csv.csv_of, "formulas", _of(("a", "b"), FORMULAS), ONCE),
)
