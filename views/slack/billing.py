"""Billing in Slack: cards of the ops channel, and why a customer's access is what it is."""

from datetime import datetime

from services.billing import AccountReason, CardOffer, CustomerReason, kinds
from services.formats import day, money
from services.phrases import Phrase
from views.kit import blocks as kit
from views.kit.controls import Button
from views.kit.text import bold, escape, fit, name
from views.words.billing import cards as say
from views.words.billing import why as words

CANCEL_SECOND = Button("billing.cancel_second")
ICONS = {
    kinds.NEW: ":seedling:",
    kinds.FIRST_PAID: ":moneybag:",
    kinds.RECOVERED: ":white_check_mark:",
    kinds.FAILED: ":credit_card:",
    kinds.SUSPENDED: ":no_entry:",
    kinds.CANCELLED: ":wave:",
    kinds.ENDING: ":hourglass_flowing_sand:",
    kinds.TRIAL_OVER: ":hourglass:",
}
NOTE = 300


def card(offer: CardOffer, language: str) -> kit.Message:
    """One sentence, the subscription it is about, and what can be done."""
    values = offer.values
    spoken = say.REASONS.get(values.get("reason", ""))
    text = say.CARDS[offer.kind](
        language,
        who=name(offer.email or offer.customer_id),
        plan=escape(values.get("plan", "").capitalize()),
        amount=_money(values.get("amount", ""), values.get("currency", ""), language),
        on=_day(values.get("at", ""), language),
        what=escape(values.get("what", "")),
        price=escape(values.get("price", "")),
        status=escape(values.get("status", "")),
        customer=escape(values.get("stripe_customer", "")),
        reason=spoken(language) if spoken else "",
        count=values.get("count", ""),
        note=escape(fit(values.get("note", ""), NOTE)),
    )
    line = f"{ICONS.get(offer.kind, ':warning:')} {text}"
    blocks = [kit.section(line)]
    if offer.kind == kinds.DUPLICATE:
        button = CANCEL_SECOND.draw(
            say.CANCEL_SECOND(language),
            offer.subscription_id,
            style="danger",
            confirm=kit.confirm(
                say.SURE(language), say.SURE_TEXT(language), say.YES(language), say.NO(language)
            ),
        )
        blocks.append(kit.actions(button))
    if offer.subscription_id:
        told = say.OPEN_AT_STRIPE(language, id=escape(offer.subscription_id))
        blocks.append(kit.context(told))
    return kit.message(text, *blocks)


def second_gone(language: str) -> kit.Message:
    """In place of the card, once it was confirmed."""
    text = say.SECOND_GONE(language)
    return kit.message(text, kit.section(f":white_check_mark: {text}"))


def why(found: CustomerReason, language: str) -> kit.Message:
    """One screen: the judgement, the rule, and the rows that it stands on."""
    title = words.TITLE(language, email=name(found.email))
    blocks = [kit.section(bold(title))]
    if not found.accounts:
        blocks.append(kit.section(words.NOTHING(language)))
    for account in found.accounts:
        blocks.append(kit.section("\n".join(_account(account, language))))
    linked = words.NOT_LINKED(language)
    if found.stripe_customer_id:
        linked = words.STRIPE(language, id=escape(found.stripe_customer_id))
    lines = [linked, *_history(found, language)]
    return kit.message(title, *blocks, kit.context("\n".join(lines)))


def why_usage(language: str) -> kit.Message:
    """What to type."""
    text = words.USAGE(language)
    return kit.message(text, kit.section(text))


def _account(of: AccountReason, language: str) -> list[str]:
    given = of.entitlement
    until, ends = _on(given.until, language), _on(given.ends_at, language)
    rule = words.RULES[given.rule](
        language, until=until, ends=ends, failed=_on(of.first_failed_at, language)
    )
    state = words.STATES[given.state](language)
    may = (words.ACCESS if given.allowed else words.NO_ACCESS)(language)
    mark = ":large_green_circle:" if given.allowed else ":red_circle:"
    family = words.FAMILIES[of.family](language)
    plan = escape(of.plan.capitalize())
    lines = [f"{mark} {bold(f'{family} {plan}'.strip())}: {state}, {may}", rule]
    if ends and given.allowed:
        lines.append(words.ENDS_ON(language, ends=ends))
    return [*lines, *_rows(of, language)]


def _rows(of: AccountReason, language: str) -> list[str]:
    lines = []
    if of.counts is not None:
        status = _phrase(words.STATUSES, of.counts.facts.status, language)
        label = words.SUBSCRIPTION(language)
        lines.append(
            f"{label}: `{escape(of.counts.id)}` · {status} · `{escape(of.counts.price_id)}`"
        )
    for one in of.invoices:
        amount = money(one.amount_paid or one.amount_due, one.currency.upper() or "USD", language)
        known = words.INVOICE_STATES.get(one.status)
        state = known(language) if known else escape(one.status)
        failed = f" · {words.FAILED(language)}" if one.failed else ""
        lines.append(f"• {_on(one.created_at, language)} · {amount} · {state}{failed}")
    if of.others:
        told = ", ".join(
            f"`{escape(one.id)}` ({_phrase(words.STATUSES, one.facts.status, language)})"
            for one in of.others
        )
        lines.append(f"{words.OTHERS(language)}: {told}")
    return lines


def _history(found: CustomerReason, language: str) -> list[str]:
    lines = []
    if found.events:
        told = ", ".join(f"{escape(one.type)} {_on(one.at, language)}" for one in found.events[:3])
        lines.append(f"{words.EVENTS(language)}: {told}")
    if found.effects:
        told = ", ".join(
            _phrase(words.KINDS, one.kind, language)
            + (f" ({words.NEEDLESS(language)})" if one.state == "needless" else "")
            for one in found.effects
        )
        lines.append(f"{words.EFFECTS(language)}: {told}")
    return lines


def _phrase(of: dict[str, Phrase], key: str, language: str) -> str:
    known = of.get(key)
    return known(language) if known else escape(key)


def _on(at: datetime | None, language: str) -> str:
    return day(at, language) if at is not None else ""


def _day(written: str, language: str) -> str:
    return day(datetime.fromisoformat(written), language) if written else ""


def _money(minor: str, currency: str, language: str) -> str:
    return money(int(minor), currency.upper(), language) if minor and currency else ""
