"""Issuing a license in Slack: the form, the preview, the receipt that one person sees."""

from datetime import datetime

from services.email_address import MAX_EMAIL
from services.formats import money
from services.issuing import ISSUE, IssueReceipt, Preview, Typed
from services.licensing import Plan, called
from services.ops import Proposal
from services.people import Member
from services.phrases import Phrase
from views.kit import blocks as kit
from views.kit.controls import Button, Choice, Radio, Select, Text
from views.kit.state import State
from views.kit.text import bold, escape, name, time
from views.words import common
from views.words import issuing as say
from views.words import ops as words

FORM = "licenses.form"
EMAIL = Text("licenses.email", limit=MAX_EMAIL)
PLAN = Select("licenses.plan")
MONTHS = Text("licenses.months", limit=8)
DOMAIN = Text("licenses.domain", limit=300)
SEND_EMAIL = Radio("licenses.send_email")
CONFIRM = Button("licenses.confirm")
WITHDRAW = Button("licenses.withdraw")
EMAIL_KEY = Button("licenses.email_key")

YES, NO = "yes", "no"
USUAL_MONTHS = "12"
FIELDS = {
    "email": EMAIL.action_id,
    "plan": PLAN.action_id,
    "months": MONTHS.action_id,
    "domain": DOMAIN.action_id,
}


def form(plans: tuple[Plan, ...], channel_id: str, member: Member) -> kit.View:
    """One license; it remembers the channel it was opened in."""
    language = member.language
    choices = tuple(Choice(_plan_label(plan, language), plan.name) for plan in plans)
    blocks = [
        EMAIL.draw(say.EMAIL(language)),
        PLAN.draw(say.PLAN(language), choices, "pro"),
        MONTHS.draw(
            say.MONTHS(language), USUAL_MONTHS, hint=say.MONTHS_HINT(language), optional=True
        ),
        DOMAIN.draw(say.DOMAIN(language), hint=say.DOMAIN_HINT(language), optional=True),
        SEND_EMAIL.draw(say.SEND_EMAIL(language), email_choices(language), NO),
    ]
    return kit.modal(
        FORM,
        say.FORM_TITLE(language),
        blocks,
        submit=say.SHOW_PREVIEW(language),
        close=common.CANCEL(language),
        metadata=channel_id,
    )


def read_form(state: State, plans: tuple[Plan, ...] = ()) -> Typed:
    """What the form holds; for a plan that is for life our own proposal of months is none."""
    plan, months = PLAN.read(state), MONTHS.read(state)
    for_life = any(one.name == plan and one.lifetime for one in plans)
    return Typed(
        email=EMAIL.read(state),
        plan=plan,
        months="" if for_life and months == USUAL_MONTHS else months,
        domain=DOMAIN.read(state),
        send_email=SEND_EMAIL.read(state) == YES,
    )


def email_choices(language: str) -> tuple[Choice, ...]:
    """Whether the customer gets the key by e-mail."""
    return (Choice(say.NO_EMAIL(language), NO), Choice(say.YES_EMAIL(language), YES))


def preview(of: Preview, proposal: Proposal, language: str) -> kit.Message:
    """What a yes would do, with the yes and the no."""
    buttons = kit.actions(
        CONFIRM.draw(say.CONFIRM(language), proposal.id, style="primary"),
        WITHDRAW.draw(common.CANCEL(language), proposal.id),
    )
    ends = words.PREVIEW_ENDS(language, time=time(proposal.expires_at))
    text = say.PREVIEW(language)
    return kit.message(text, *_facts(of, text, language), buttons, kit.context(ends))


def dry_run(of: Preview, language: str) -> kit.Message:
    """The same facts, and that nothing was done."""
    text = words.NOTHING_DONE(language)
    return kit.message(text, *_facts(of, say.DRY_RUN(language), language), kit.context(text))


def started(proposal: Proposal, language: str) -> kit.Message:
    """In place of the preview, once it was confirmed."""
    text = (say.STARTED if proposal.command.workflow == ISSUE else say.BULK_STARTED)(language)
    job = words.JOB(language, job=proposal.job_id)
    return kit.message(text, kit.section(text), kit.context(job))


def receipt(of: IssueReceipt, language: str) -> kit.Message:
    """The license with its key; nothing else ever shows the key."""
    text = f":key: {say.ISSUED(language)}"
    rows = (
        _row(say.CUSTOMER, name(of.email), language),
        _row(say.PLAN, escape(of.plan), language),
        _ending(of.ends_at, language),
        _row(say.DOMAIN, escape(of.domain), language) if of.domain else "",
        f"{bold(say.KEY(language))}\n`{of.key}`",
    )
    notes, actions = [say.KEEP_KEY(language)], []
    if of.send_email:
        notes.append(say.EMAILED(language))
    else:
        actions.append(kit.actions(EMAIL_KEY.draw(say.EMAIL_KEY(language), of.license_id)))
    ids = (say.LICENSE(language, license=of.license_id), words.JOB(language, job=of.job_id))
    blocks = (kit.section(bold(text)), kit.section("\n".join(filter(None, rows))))
    return kit.message(text, *blocks, *actions, kit.context(*notes), kit.context(*ids))


def emailed(email: str, language: str) -> kit.Message:
    """The key is on its way to its customer."""
    text = say.EMAILED_TO(language, email=name(email))
    return kit.message(text, kit.section(text))


def not_issued(sentence: str, reference: str, language: str) -> kit.Message:
    """Why the job gave up."""
    text = f":warning: {say.NOT_ISSUED(language, reason=escape(sentence))}"
    return kit.message(
        text, kit.section(text), kit.context(words.REFERENCE(language, reference=reference))
    )


def _facts(of: Preview, title: str, language: str) -> tuple[kit.Block, ...]:
    order, plan = of.order, of.plan
    known = _known(of, language)
    term = (
        say.PLAN_FOR_LIFE(language, plan=escape(plan.display_name))
        if order.months is None
        else say.PLAN_FOR(language, order.months, plan=escape(plan.display_name))
    )
    stock = f" ({say.STOCK(language, of.stock_left)})" if of.stock_left is not None else ""
    rows = (
        _row(say.CUSTOMER, f"{name(order.email)} ({known})", language),
        _row(say.PLAN, term + stock, language),
        _ending(of.ends_at, language),
        _row(say.DOMAIN, escape(order.domain), language) if order.domain else "",
        _row(say.PRICE, money(of.price_minor, plan.currency, language), language),
    )
    blocks = (kit.section(bold(title)), kit.section("\n".join(filter(None, rows))))
    return (*blocks, kit.context(say.WILL_EMAIL(language))) if of.send_email else blocks


def _known(of: Preview, language: str) -> str:
    if of.customer is None:
        return say.CUSTOMER_NEW(language)
    if of.customer == of.order.email:
        return say.CUSTOMER_IS_KNOWN(language)
    known = called(of.customer, of.order.email)
    return say.CUSTOMER_KNOWN(language, name=name(known, 60))


def _ending(at: datetime | None, language: str) -> str:
    if at is None:
        return bold(say.NO_END(language))
    date = f"<!date^{int(at.timestamp())}^{{date_long}}|{at:%Y-%m-%d}>"
    return _row(say.UNTIL, date, language)


def _row(label: Phrase, value: str, language: str) -> str:
    return f"{bold(label(language))}: {value}"


def _plan_label(plan: Plan, language: str) -> str:
    price = money(plan.price_minor, plan.currency, language)
    label = say.FOR_LIFE_PLAN if plan.lifetime else say.MONTHLY_PLAN
    return label(language, plan=plan.display_name, price=price)
