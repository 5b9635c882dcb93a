"""How Stripe's objects look when they are new (specs of 2026-10-28.endive)."""

import calendar
from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime

from integrations.sandbox.stripe.errors import Json
from integrations.sandbox.stripe.store import DAY, Account, Moment

# Cards one may have: what they are called on the page, whether a bank takes them to keep, to pay.
CARDS = {
    "4242": ("works", True, True),
    "0341": ("is accepted, fails when it is charged", True, False),
    "0002": ("is declined at once", False, False),
}
LENGTHS = {"day": DAY, "week": 7 * DAY}
MONTHS = {"month": 1, "year": 12}
NEW_SUBSCRIPTION: Json = {
    "application": None,
    "application_fee_percent": None,
    "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
    "billing_mode": {"type": "flexible", "flexible": {"proration_discounts": "included"}},
    "billing_thresholds": None,
    "cancel_at": None,
    "cancel_at_period_end": False,
    "canceled_at": None,
    "cancellation_details": {"comment": None, "feedback": None, "reason": None},
    "collection_method": "charge_automatically",
    "days_until_due": None,
    "default_source": None,
    "default_tax_rates": [],
    "description": None,
    "discounts": [],
    "ended_at": None,
    "invoice_settings": {"account_tax_ids": None, "issuer": {"type": "self"}},
    "latest_invoice": None,
    "next_pending_invoice_item_invoice": None,
    "on_behalf_of": None,
    "pause_collection": None,
    "payment_settings": {"payment_method_options": None, "payment_method_types": None},
    "pending_invoice_item_interval": None,
    "pending_setup_intent": None,
    "pending_update": None,
    "schedule": None,
    "status": "incomplete",
    "test_clock": None,
    "transfer_data": None,
    "_told_trial": False,
    "_pending": [],
}
NEW_INVOICE: Json = {
    "account_country": "US",
    "account_name": "Sandbox",
    "amount_overpaid": 0,
    "amount_paid": 0,
    "amount_shipping": 0,
    "attempt_count": 0,
    "attempted": False,
    "auto_advance": True,
    "collection_method": "charge_automatically",
    "default_payment_method": None,
    "description": None,
    "discounts": [],
    "due_date": None,
    "ending_balance": None,
    "hosted_invoice_url": None,
    "invoice_pdf": None,
    "metadata": {},
    "next_payment_attempt": None,
    "starting_balance": 0,
    "status": "draft",
    "_finalize_at": None,
    "_first_failed": None,
}


def a_list(items: list[Json], url: str) -> Json:
    """A list inside an object."""
    return {"object": "list", "data": items, "has_more": False, "url": url}


def new_price(account: Account, given: Mapping[str, object], product: str) -> Json:
    """A price; recurring unless there is no interval."""
    recurring = given.get("recurring")
    amount = given.get("unit_amount")
    fields: Json = {
        "active": given.get("active", True),
        "billing_scheme": "per_unit",
        "currency": str(given["currency"]).lower(),
        "custom_unit_amount": None,
        "lookup_key": given.get("lookup_key") or None,
        "metadata": given.get("metadata", {}),
        "nickname": given.get("nickname") or None,
        "product": product,
        "recurring": None,
        "tax_behavior": given.get("tax_behavior", "unspecified"),
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "recurring" if recurring else "one_time",
        "unit_amount": amount,
        "unit_amount_decimal": str(amount),
    }
    if isinstance(recurring, dict):
        fields["recurring"] = {
            "interval": recurring.get("interval", "month"),
            "interval_count": recurring.get("interval_count", 1),
            "meter": None,
            "trial_period_days": None,
            "usage_type": "licensed",
        }
    return account.add("price", "price", fields)


def new_product(account: Account, given: Mapping[str, object], own_id: str = "") -> Json:
    """A product."""
    fields = {
        "active": given.get("active", True),
        "default_price": None,
        "description": given.get("description") or None,
        "images": [],
        "marketing_features": [],
        "metadata": given.get("metadata", {}),
        "name": given["name"],
        "package_dimensions": None,
        "shippable": None,
        "statement_descriptor": None,
        "tax_code": None,
        "type": "service",
        "unit_label": None,
        "updated": account.clock.now(),
        "url": None,
    }
    return account.add("product", "prod", fields, own_id)


def new_customer(account: Account, given: Mapping[str, object]) -> Json:
    """A customer."""
    fields = {
        "address": None,
        "balance": 0,
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": given.get("description") or None,
        "email": given.get("email") or None,
        "invoice_prefix": account.new_id("x")[2:10].upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "metadata": given.get("metadata", {}),
        "name": given.get("name") or None,
        "next_invoice_sequence": 1,
        "phone": given.get("phone") or None,
        "preferred_locales": given.get("preferred_locales", []),
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }
    return account.add("customer", "cus", fields)


def new_card(account: Account, customer: str, last4: str) -> Json:
    """A payment method that this customer keeps."""
    card = {
        "brand": "visa",
        "country": "US",
        "display_brand": "visa",
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": f"sandbox{last4}",
        "funding": "credit",
        "last4": last4,
    }
    fields = {
        "allow_redisplay": "limited",
        "billing_details": {"address": {}, "email": None, "name": None, "phone": None},
        "card": card,
        "customer": customer,
        "metadata": {},
        "type": "card",
        "_works": CARDS[last4][2],
    }
    return account.add("payment_method", "pm", fields)


def new_subscription(
    account: Account, customer: str, items: list[Json], given: Mapping[str, object]
) -> Json:
    """A subscription without a status yet; `items` are {price, quantity}; times in `given`."""
    now, own_id = account.clock.now(), account.new_id("sub")
    trial_end = given.get("trial_end")
    end = trial_end if isinstance(trial_end, Moment) else after(now, items[0]["price"])
    written = [
        {
            "id": account.new_id("si"),
            "object": "subscription_item",
            "created": now,
            "current_period_end": end,
            "current_period_start": now,
            "metadata": {},
            "price": one["price"],
            "quantity": one["quantity"],
            "subscription": own_id,
            "tax_rates": [],
        }
        for one in items
    ]
    fields = {
        **deepcopy(NEW_SUBSCRIPTION),
        "billing_cycle_anchor": end if trial_end else now,
        "billing_thresholds": None,
        "currency": items[0]["price"]["currency"],
        "customer": customer,
        "default_payment_method": given.get("default_payment_method"),
        "discounts": [],
        "items": a_list(written, f"/v1/subscription_items?subscription={own_id}"),
        "metadata": given.get("metadata", {}),
        "start_date": now,
        "trial_end": trial_end,
        "trial_settings": {
            "end_behavior": {
                "missing_payment_method": given.get("missing_payment_method", "create_invoice")
            }
        },
        "trial_start": now if trial_end else None,
    }
    return account.add("subscription", "sub", fields, own_id)


def new_invoice(
    account: Account, customer: Json, subscription: Json, reason: str, lines: list[Json]
) -> Json:
    """A draft over these lines; `lines` are of `line()`."""
    own_id, total = account.new_id("in"), sum(line["amount"] for line in lines)
    number = customer["next_invoice_sequence"]
    customer["next_invoice_sequence"] = number + 1
    for one in lines:
        one["invoice"] = own_id
    details = {"metadata": subscription["metadata"], "subscription": subscription["id"]}
    item = subscription["items"]["data"][0]
    fields = {
        **deepcopy(NEW_INVOICE),
        "amount_due": max(0, total),
        "amount_remaining": max(0, total),
        "billing_reason": reason,
        "currency": subscription["currency"],
        "customer": customer["id"],
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "lines": a_list(lines, f"/v1/invoices/{own_id}/lines"),
        "number": f"{customer['invoice_prefix']}-{number:04}",
        "parent": {
            "quote_details": None,
            "subscription_details": details,
            "type": "subscription_details",
        },
        "period_end": item["current_period_start"],
        "period_start": item["current_period_start"],
        "status_transitions": {
            "finalized_at": None,
            "marked_uncollectible_at": None,
            "paid_at": None,
            "voided_at": None,
        },
        "subtotal": total,
        "total": total,
    }
    return account.add("invoice", "in", fields, own_id)


def line(account: Account, item: Json, amount: int, proration: Json | None = None) -> Json:
    """A line of an invoice for an item's present period."""
    price = item["price"]
    details = {
        "invoice_item": None,
        "proration": proration is not None,
        "proration_details": {"credited_items": None},
        "subscription": item["subscription"],
        "subscription_item": item["id"],
    }
    period = {"start": item["current_period_start"], "end": item["current_period_end"]}
    return {
        "id": account.new_id("il"),
        "object": "line_item",
        "amount": amount,
        "currency": price["currency"],
        "description": (proration or {}).get("description")
        or f"{item['quantity']} × {price['nickname'] or price['id']}",
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": None,
        "livemode": account.livemode,
        "metadata": {},
        "parent": {
            "invoice_item_details": None,
            "subscription_item_details": details,
            "type": "subscription_item_details",
        },
        "period": (proration or {}).get("period") or period,
        "pretax_credit_amounts": [],
        "pricing": {
            "price_details": {"price": price["id"], "product": price["product"]},
            "type": "price_details",
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
        "quantity": item["quantity"],
        "subtotal": amount,
        "taxes": [],
    }


def after(start: Moment, price: Json) -> Moment:
    """The end of the period that begins then; months as the calendar has them, in UTC."""
    recurring = price["recurring"]
    count, interval = recurring["interval_count"], recurring["interval"]
    if interval in LENGTHS:
        return Moment(start + count * LENGTHS[interval])
    at = datetime.fromtimestamp(start, UTC)
    months = at.month - 1 + count * MONTHS[interval]
    year, month = at.year + months // 12, months % 12 + 1
    day = min(at.day, calendar.monthrange(year, month)[1])
    return Moment(int(at.replace(year=year, month=month, day=day).timestamp()))
