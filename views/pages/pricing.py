"""The pricing page, and what came of a checkout: for anybody, without a script."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader

from services import formats
from services.billing import MONTHLY, PLATFORM, TRIAL, CheckoutOutcome, CheckoutState, PriceEntry
from services.phrases import Phrase
from views.words.billing import pricing as say

MONTHS = 12
SOON, LATER = 3, 20  # seconds until the page looks again
CONTRACT = "enterprise"
ALLOWED = ("active", "past_due")


@dataclass(frozen=True, slots=True)
class PricingForm:
    """What was typed, and what is wrong with it ("" for nothing)."""

    interval: str
    email: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Card:
    plan: str
    name: str
    price: str
    each: str
    points: tuple[str, ...]
    featured: bool = False


@cache
def _environment() -> Environment:
    return Environment(loader=PackageLoader("views.pages"), autoescape=True)


def pricing(sold: Sequence[PriceEntry], form: PricingForm, contact: str, language: str) -> str:
    """The plans for one interval side by side; `contact` is whom to write to, "" for nobody."""
    cards = [
        _card(entry, language)
        for entry in sold
        if entry.family == PLATFORM and entry.interval == form.interval
    ]
    return (
        _environment()
        .get_template("pricing.html.j2")
        .render(
            say={name: _said(name, language) for name in WORDS},
            lead=say.LEAD(language, days=TRIAL.days),
            start=say.START_TRIAL(language, days=TRIAL.days),
            saving=_saving(sold, language),
            cards=cards,
            contract=_contract(language),
            contact=contact,
            form=form,
            language=language,
        )
    )


def outcome(found: CheckoutOutcome, language: str) -> str:
    """What came of a checkout; while it waits the page looks again by itself."""
    name = say.NAMES[found.plan](language) if found.plan in say.NAMES else found.plan.capitalize()
    headline, text, mood = _words(found, name, language)
    waits = found.state == CheckoutState.PAID
    links = {
        CheckoutState.OPEN: (found.url, say.GO_ON(language)),
        CheckoutState.EXPIRED: ("/pricing", say.BACK(language)),
    }
    return (
        _environment()
        .get_template("checkout.html.j2")
        .render(
            mood=mood,
            headline=headline,
            sentence=text,
            hint="" if waits or found.state in links else say.CLOSE_TAB(language),
            refresh=(LATER if found.late else SOON) if waits else 0,
            link=links.get(found.state),
            language=language,
        )
    )


def _words(found: CheckoutOutcome, name: str, language: str) -> tuple[str, str, str]:
    if found.state == CheckoutState.READY and found.access == "trialing" and found.until:
        day = formats.day(found.until.date(), language)
        text = say.TRIAL_TEXT(language, plan=name, day=day)
        return say.TRIAL_BEGAN(language), text, "good"
    if found.state == CheckoutState.READY and found.access in (*ALLOWED, "trialing"):
        return say.ACTIVE(language), say.ACTIVE_TEXT(language, plan=name), "good"
    told: dict[CheckoutState, tuple[Phrase, Phrase, str]] = {
        CheckoutState.READY: (say.OTHER, say.OTHER_TEXT, "bad"),
        CheckoutState.UNCLAIMED: (say.UNCLAIMED, say.UNCLAIMED_TEXT, "good"),
        CheckoutState.OPEN: (say.OPEN, say.OPEN_TEXT, "ask"),
        CheckoutState.EXPIRED: (say.EXPIRED, say.EXPIRED_TEXT, "ask"),
        CheckoutState.PAID: (say.WAITING, say.LATE_TEXT if found.late else say.WAITING_TEXT, "ask"),
    }
    headline, sentence, mood = told[found.state]
    return headline(language), sentence(language), mood


def _card(entry: PriceEntry, language: str) -> _Card:
    name = say.NAMES.get(entry.plan)
    each = say.EACH_MONTH if entry.interval == MONTHLY else say.EACH_YEAR
    return _Card(
        entry.plan,
        name(language) if name else entry.plan.capitalize(),
        formats.money(entry.amount, entry.currency.upper(), language),
        each(language),
        tuple(point(language) for point in say.POINTS.get(entry.plan, ())),
        featured=entry.plan == "professional",
    )


def _contract(language: str) -> _Card:
    points = tuple(point(language) for point in say.POINTS[CONTRACT])
    return _Card(CONTRACT, say.NAMES[CONTRACT](language), say.CONTRACT(language), "", points)


def _saving(sold: Sequence[PriceEntry], language: str) -> str:
    """What a year saves, in whole months, if it is the same for every plan."""
    months = {one.plan: one.amount for one in sold if one.interval == MONTHLY}
    saved = {
        MONTHS - one.amount // months[one.plan]
        for one in sold
        if one.interval != MONTHLY and months.get(one.plan) and one.amount % months[one.plan] == 0
    }
    if len(saved) != 1 or (whole := saved.pop()) <= 0:
        return ""
    return say.MONTHS_FREE(language, months=whole)


WORDS = {
    "title": say.TITLE,
    "monthly": say.MONTHLY,
    "yearly": say.YEARLY,
    "billed": say.BILLED,
    "email": say.EMAIL,
    "email_hint": say.EMAIL_HINT,
    "write": say.WRITE,
    "not_now": say.NOT_NOW,
    "paid_by": say.PAID_BY,
    "manage": say.MANAGE,
}


def _said(name: str, language: str) -> str:
    return WORDS[name](language)
