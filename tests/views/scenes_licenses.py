"""Every view of ops commands and licenses in every state it can be in."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from handlers.slack.issuing import SCHEMA
from services.errors import AWAY
from services.issuing.bulk import BULK_ISSUE, LINES, BulkProgress, IssuedKey, KeyPage
from services.issuing.bulk_csv import NO_COLUMN
from services.issuing.bulk_lines import BulkLine, BulkPreview
from services.issuing.issuing import ISSUE, IssueReceipt
from services.issuing.issuing import Preview as LicensePreview
from services.licensing.license_terms import Order
from services.licensing.licenses import SOLD_OUT
from services.licensing.plan_terms import Plan
from services.operations import Step
from services.ops.confirmations import PendingCommand, Proposal
from services.phrases import Phrase
from tests.views import samples as some
from tests.views.scenes import Given, Scene, given
from tests.views.scenes_operations import operation
from views.slack import operations, ops
from views.slack.issuing import bulk, single

CHANNEL = "C0OPS"
EMAIL = "carol@acme.example"
KEY = "CHA-0123ABCD-4567EFAB-89ABCDEF-012345F7"
ENDS = some.NOW + timedelta(days=365)
BULK_ID = "bulk_0123456789abcdef"
REASON = Phrase("That is not an e-mail address.", "Questo non è un indirizzo e-mail.")


def plan(name: str = "pro", **changes: Any) -> Plan:
    """A plan as it is sold; `founders` is for life."""
    usual = Plan(
        name=name,
        version=1,
        display_name=name.capitalize(),
        price_minor=2_900,
        currency="EUR",
        features=("ai",),
        monthly_requests=1_000,
        max_sites=3,
        ai_included=True,
        own_key=False,
        providers=("openai",),
        models=("gpt-5.4-mini",),
        max_tokens=4_096,
        hourly_requests=100,
        lifetime=name == "founders",
    )
    return replace(usual, **changes)


def proposal(workflow: str = ISSUE) -> Proposal:
    """A preview of Ada's that can still be confirmed."""
    ends = some.NOW + timedelta(minutes=15)
    return Proposal(
        "0123456789abcdef", some.ADA, "Ada Bell", PendingCommand(workflow, CHANNEL, "{}"), ends
    )


def preview(**changes: Any) -> LicensePreview:
    """A year of pro for somebody new."""
    usual = LicensePreview(
        order=Order(EMAIL, "pro", 12, "shop.example"),
        plan=plan(),
        customer=None,
        ends_at=ENDS,
        price_minor=12 * 2_900,
        stock_left=None,
        send_email=False,
    )
    return replace(usual, **changes)


def founders() -> LicensePreview:
    """For life, to somebody known, with an e-mail."""
    return preview(
        order=Order(EMAIL, "founders", None),
        plan=plan("founders", price_minor=149_900),
        customer="Carol *Vance*",
        ends_at=None,
        price_minor=149_900,
        stock_left=1,
        send_email=True,
    )


def receipt(**changes: Any) -> IssueReceipt:
    """What was issued."""
    usual = IssueReceipt(
        "ops:0123", "lic_0123", KEY, EMAIL, "Pro", "shop.example", ENDS, send_email=False
    )
    return replace(usual, **changes)


def line(number: int, state: str, reason: str = "") -> BulkLine:
    """One line of a file."""
    return BulkLine(number, EMAIL, "pro", 12, "", "Carol", f"{number}", state, reason)


def lines(language: str, *, good: int, bad: int, known: int = 0) -> tuple[BulkLine, ...]:
    """So many lines of each kind, one after the other."""
    states = ["ok"] * good + ["known"] * known + ["bad"] * bad
    numbered = enumerate(states, start=2)
    return tuple(line(n, one, REASON(language) if one == "bad" else "") for n, one in numbered)


def upload(language: str, *, emails: bool = False, **counts: int) -> Given:
    """A file as judged, with its proposal."""
    judged = BulkPreview(lines(language, **counts), b"digest")
    return given(judged, proposal(BULK_ISSUE), some.member(language), emails=emails)


def progress(state: str, **changes: Any) -> BulkProgress:
    """A bulk issue of a thousand lines."""
    usual = BulkProgress(
        id=BULK_ID,
        state=state,
        operator_name="Ada Bell",
        total=1_000,
        waiting=0 if state == "done" else 600,
        issued=370 if state != "done" else 970,
        known=18,
        bad=12,
        problem="",
        reference="",
        created_at=some.NOW,
        ended_at=None if state == "running" else some.NOW,
    )
    return replace(usual, **changes)


def bad(language: str, count: int) -> tuple[BulkLine, ...]:
    """So many bad lines."""
    return lines(language, good=0, bad=count)


def keys(count: int, after: int | None = None) -> KeyPage:
    """So many keys, and behind which line there are more."""
    shown = tuple(IssuedKey(number, EMAIL, KEY) for number in range(2, count + 2))
    return KeyPage(BULK_ID, shown, after)


def _form(lang: str) -> Given:
    plans = (plan("starter", price_minor=900), plan(), plan("founders", price_minor=149_900))
    return given(plans, CHANNEL, some.member(lang))


def _card(lang: str, of: BulkProgress, bad_lines: int = 0) -> Given:
    """The card of a bulk issue, whose step is as far as it is."""
    ended = None if of.ended_at is None else some.NOW + timedelta(seconds=2.5)
    step = Step("issue", of.state, "", 1, some.NOW, ended, None)
    title = LINES(lang, of.total)
    drawn = operation(
        lang,
        step,
        kind=BULK_ISSUE,
        title=title,
        state=of.state,
        actor_name=of.operator_name,
        problem=of.problem,
        reference=of.reference,
        done=of.total - of.waiting,
        total=of.total,
        ended_at=ended,
    )
    extra = bulk.results(of, bad(lang, bad_lines), lang)
    return given(drawn, operations.KINDS[BULK_ISSUE], extra)


def _failed(lang: str) -> Given:
    problem = AWAY(lang, vendor="PostgreSQL")
    return _card(lang, progress("failed", problem=problem, reference="a1b2c3"), 2)


def _refused(lang: str) -> Given:
    problem = NO_COLUMN(lang, column="plan", columns="email,plan")
    return given(CHANNEL, some.member(lang), problem=problem)


LICENSES = (
    Scene(ops.usage, "normal", lambda lang: given(SCHEMA.usage(lang), lang)),
    Scene(ops.withdrawn, "normal", lambda lang: given(lang)),
    Scene(single.form, "normal", _form),
    Scene(single.preview, "new", lambda lang: given(preview(), proposal(), lang)),
    Scene(single.preview, "founders", lambda lang: given(founders(), proposal(), lang)),
    Scene(single.dry_run, "normal", lambda lang: given(preview(customer=EMAIL), lang)),
    Scene(single.started, "one", lambda lang: given(proposal(), lang)),
    Scene(single.started, "bulk", lambda lang: given(proposal(BULK_ISSUE), lang)),
    Scene(single.receipt, "normal", lambda lang: given(receipt(), lang)),
    Scene(
        single.receipt,
        "for_life",
        lambda lang: given(receipt(ends_at=None, domain="", send_email=True), lang),
    ),
    Scene(
        single.not_issued, "normal", lambda lang: given(SOLD_OUT(lang, plan="F"), "a1b2c3", lang)
    ),
    Scene(bulk.form, "empty", lambda lang: given(CHANNEL, some.member(lang))),
    Scene(bulk.form, "refused", _refused),
    Scene(bulk.reading, "normal", lambda lang: given(some.member(lang))),
    Scene(bulk.was_read, "normal", lambda lang: given(some.member(lang))),
    Scene(bulk.preview, "good", lambda lang: upload(lang, good=3, bad=0)),
    Scene(bulk.preview, "emails", lambda lang: upload(lang, good=3, bad=1, emails=True)),
    Scene(bulk.preview, "all_known", lambda lang: upload(lang, good=0, bad=0, known=3)),
    Scene(bulk.preview, "few_bad", lambda lang: upload(lang, good=1, bad=2, known=1)),
    Scene(bulk.preview, "many_bad", lambda lang: upload(lang, good=5, bad=40)),
    Scene(bulk.preview, "all_bad", lambda lang: upload(lang, good=0, bad=3)),
    Scene(operations.card, "bulk_running", lambda lang: _card(lang, progress("running"))),
    Scene(operations.card, "bulk_done", lambda lang: _card(lang, progress("done"), 12)),
    Scene(operations.card, "bulk_failed", _failed),
    Scene(bulk.keys, "last", lambda lang: given(keys(2), some.member(lang))),
    Scene(bulk.keys, "more", lambda lang: given(keys(3, 4), some.member(lang))),
    Scene(single.emailed, "normal", lambda lang: given(EMAIL, lang)),
    Scene(bulk.bad_lines, "few", lambda lang: given(bad(lang, 3), some.member(lang))),
    Scene(
        bulk.bad_lines,
        "very_many",
        lambda lang: given(bad(lang, 2_500), some.member(lang)),
    ),
)
