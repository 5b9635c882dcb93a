"""Tenants in Slack: the form, the list, what can be done with one, and what ops are told."""

from collections.abc import Sequence

from services.email_address import MAX_EMAIL
from services.operations import Operation
from services.people import Member
from services.tenants import (
    DELETING,
    FAILED,
    NEEDS_PERSON,
    PAUSED,
    READY,
    RESUMING,
    SUSPENDED,
    NewTenant,
    Tenant,
    TenantAdmin,
    TenantFindings,
)
from views.kit import blocks as kit
from views.kit.controls import Button, Choice, Select, Text
from views.kit.state import State
from views.kit.text import bold, day, escape, fit, name, time
from views.words import common
from views.words import tenants as say

FORM = "tenants.form"
MANAGE_VIEW = "tenants.manage_view"
SUSPEND_FORM = "tenants.suspend_form"
DELETE_FORM = "tenants.delete_form"
COMPANY = Text("tenants.company", limit=100)
EMAIL = Text("tenants.email", limit=MAX_EMAIL)
PLAN = Select("tenants.plan")
LANGUAGE = Select("tenants.language")
DATABASE = Text("tenants.database_url", limit=2_000)
REASON = Text("tenants.reason", limit=300)
CONFIRM = Text("tenants.confirm", limit=100)
FIELDS = {
    "company_name": COMPANY.action_id,
    "email": EMAIL.action_id,
    "database_url": DATABASE.action_id,
    "reason": REASON.action_id,
    "confirm": CONFIRM.action_id,
}
MANAGE = Button("tenants.manage")
SUSPEND = Button("tenants.suspend")
RESUME = Button("tenants.resume")
EXTEND = Button("tenants.extend")
INVITE = Button("tenants.invite")
RETRY = Button("tenants.retry")
DELETE = Button("tenants.delete")
KEEP = Button("tenants.keep")
LISTED = 15
PROBLEM = 500
SHOWN = 10
MARKS = {READY: ":large_green_circle:", FAILED: ":red_circle:", NEEDS_PERSON: ":red_circle:"}
OTHER_MARK = ":white_circle:"


def form(channel_id: str, member: Member, typed: NewTenant) -> kit.View:
    """A new tenant; it remembers the channel it was opened in."""
    language = member.language
    plans = tuple(Choice(phrase(language), key) for key, phrase in say.PLANS.items())
    spoken = tuple(Choice(phrase(language), key) for key, phrase in say.LANGUAGES.items())
    blocks = [
        COMPANY.draw(say.COMPANY(language), typed.company),
        EMAIL.draw(say.EMAIL(language), typed.email, hint=say.EMAIL_HINT(language)),
        PLAN.draw(say.PLAN(language), plans, "starter"),
        LANGUAGE.draw(say.SPEAKS(language), spoken, language),
        DATABASE.draw(say.OWN(language), hint=say.OWN_HINT(language), optional=True),
    ]
    return kit.modal(
        FORM,
        say.FORM_TITLE(language),
        blocks,
        submit=say.CREATE(language),
        close=common.CANCEL(language),
        metadata=channel_id,
    )


def read_form(state: State) -> NewTenant:
    """What the form holds."""
    return NewTenant.typed(
        EMAIL.read(state),
        COMPANY.read(state),
        PLAN.read(state),
        DATABASE.read(state),
        LANGUAGE.read(state),
    )


def started(tenant: Tenant, language: str) -> kit.Message:
    """It was begun."""
    text = say.STARTED(language, company=name(tenant.company))
    return kit.message(text, kit.section(text))


def receipt(tenant: Tenant, language: str) -> tuple[kit.Block, ...]:
    """What there is now, on the card of an onboarding that is over."""
    text = say.RECEIPT(
        language,
        company=name(tenant.company),
        slug=bold(tenant.slug),
        database=escape(tenant.database or say.THEIR_SERVER(language)),
        email=name(tenant.email),
    )
    return (kit.section(text), kit.actions(MANAGE.draw(say.MANAGE(language), tenant.id)))


def problem(tenant: Tenant, language: str) -> tuple[kit.Block, ...]:
    """What can be done on the card of one that failed, beside the retry."""
    return (kit.actions(MANAGE.draw(say.MANAGE(language), tenant.id)),)


def cooling(tenant: Tenant, language: str) -> tuple[kit.Block, ...]:
    """Until when a deletion can be taken back, with the button; nothing once it has begun."""
    if tenant.state != DELETING or tenant.delete_after is None:
        return ()
    text = say.KEPT_UNTIL(language, time=f"{day(tenant.delete_after)} {time(tenant.delete_after)}")
    return (kit.section(text), kit.actions(KEEP.draw(say.KEEP(language), tenant.id)))


def listing(found: Sequence[Tenant], language: str) -> kit.Message:
    """The newest, each with a button."""
    title = say.LIST_TITLE(language)
    if not found:
        text = say.NO_TENANTS(language)
        return kit.message(text, kit.section(text))
    blocks = [kit.section(bold(title))]
    for one in found[:LISTED]:
        button = MANAGE.draw(say.MANAGE(language), one.id)
        blocks.append(kit.section(_line(one, language), accessory=button))
    if len(found) > LISTED:
        blocks.append(kit.context(say.MORE(language, n=LISTED)))
    return kit.message(title, *blocks)


def manage(tenant: Tenant, admin: TenantAdmin | None, language: str, told: str = "") -> kit.View:
    """One tenant with everything that can be done now; `told` says what was just done."""
    blocks = [kit.section("\n".join(_facts(tenant, admin, language)))]
    if tenant.problem:
        blocks.append(kit.section(f":warning: {escape(fit(tenant.problem, PROBLEM))}"))
    if told:
        text = say.DONE[told](language, company=name(tenant.company))
        blocks.append(kit.context(f":white_check_mark: {text}"))
    if buttons := _buttons(tenant, admin, language):
        blocks.append(kit.actions(*buttons))
    return kit.modal(
        MANAGE_VIEW,
        say.MANAGE_TITLE(language),
        blocks,
        close=common.CLOSE(language),
        metadata=tenant.id,
    )


def suspend_form(tenant: Tenant, language: str) -> kit.View:
    """Why, and the yes."""
    text = say.SUSPEND_TEXT(language, company=name(tenant.company))
    return kit.modal(
        SUSPEND_FORM,
        say.SUSPEND_TITLE(language),
        [kit.section(text), REASON.draw(say.REASON(language))],
        submit=say.SUSPEND_YES(language),
        close=common.CANCEL(language),
        metadata=tenant.id,
    )


def delete_form(tenant: Tenant, language: str) -> kit.View:
    """What will happen, and the short name to be typed."""
    typed = bold(tenant.slug or tenant.id)
    text = say.DELETE_TEXT(language, company=name(tenant.company), slug=typed)
    return kit.modal(
        DELETE_FORM,
        say.DELETE_TITLE(language),
        [kit.section(text), CONFIRM.draw(say.SHORT_NAME(language))],
        submit=say.DELETE_YES(language),
        close=common.CANCEL(language),
        metadata=tenant.id,
    )


def paused(tenant: Tenant, language: str) -> kit.Message:
    """Its provider paused it."""
    detail = escape(tenant.problem)
    text = f":warning: {say.PAUSED(language, company=name(tenant.company), detail=detail)}"
    button = RESUME.draw(say.RESUME(language), tenant.id, style="primary")
    return kit.message(text, kit.section(text), kit.actions(button))


def back(tenant: Tenant, language: str) -> kit.Message:
    """It is there again."""
    text = f":white_check_mark: {say.BACK(language, company=name(tenant.company))}"
    return kit.message(text, kit.section(text))


def findings(found: TenantFindings, language: str) -> kit.Message:
    """What the daily look at the providers' databases found, a line for each kind."""
    told = (
        (say.UNSEEN, found.unseen),
        (say.ORPHANS, found.orphans),
        (say.MISSING, found.missing),
        (say.BREACHES, found.breaches),
    )
    lines = [
        f":warning: {phrase(language, n=len(names), names=_first(names))}"
        for phrase, names in told
        if names
    ]
    text = fit("\n".join(lines), kit.SECTION_LIMIT)
    return kit.message(text, kit.section(text))


def done(tenant: Tenant, told: str, language: str) -> kit.Message:
    """A button of a message was pressed."""
    text = say.DONE[told](language, company=name(tenant.company))
    return kit.message(text, kit.section(text))


def more_of(
    tenant: Tenant, operation: Operation, onboarding: str, deletion: str
) -> tuple[kit.Block, ...]:
    """What the card of an operation says besides its steps."""
    language = operation.language
    if operation.kind == deletion:
        return cooling(tenant, language)
    if operation.kind != onboarding or not operation.is_over:
        return ()
    return (problem if operation.can_retry else receipt)(tenant, language)


def _line(tenant: Tenant, language: str) -> str:
    mark = MARKS.get(tenant.state, OTHER_MARK)
    state, plan = say.STATES[tenant.state](language), tenant.plan
    return f"{mark} {bold(name(tenant.company))} · {tenant.slug or '…'} · {state} · {plan}"


def _facts(tenant: Tenant, admin: TenantAdmin | None, language: str) -> list[str]:
    modules = ", ".join(tenant.modules) or say.NO_MODULES(language)
    who = name(admin.name) if admin else say.INVITED(language, email=name(tenant.email))
    database = tenant.database or say.THEIR_SERVER(language)
    facts = [
        f"{bold(name(tenant.company))} · {tenant.slug}",
        f"{bold(say.STATE(language))}: {say.STATES[tenant.state](language)}",
        f"{bold(say.PLAN(language))}: {tenant.plan} · {modules}",
        f"{bold(say.DATABASE(language))}: {escape(database)} · {tenant.provider}",
        f"{bold(say.ADMINISTRATOR(language))}: {who}",
    ]
    if tenant.trial_ends_at is not None:
        facts.append(f"{bold(say.TRIAL(language))}: {day(tenant.trial_ends_at)}")
    if tenant.reason:
        facts.append(f"{bold(say.REASON(language))}: {escape(tenant.reason)}")
    if tenant.delete_after is not None:
        at = f"{day(tenant.delete_after)} {time(tenant.delete_after)}"
        facts.append(say.KEPT_UNTIL(language, time=at))
    return facts


def _buttons(tenant: Tenant, admin: TenantAdmin | None, language: str) -> list[kit.Element]:
    state, buttons = tenant.state, []
    if state in (SUSPENDED, PAUSED):
        buttons.append(RESUME.draw(say.RESUME(language), tenant.id, style="primary"))
    if state in (FAILED, NEEDS_PERSON):
        buttons.append(RETRY.draw(say.RETRY(language), tenant.id, style="primary"))
    if state in (READY, PAUSED, RESUMING):
        buttons.append(SUSPEND.draw(say.SUSPEND(language), tenant.id))
    if state in (READY, SUSPENDED):
        buttons.append(EXTEND.draw(say.EXTEND(language), tenant.id))
    if state == READY and admin is None:
        buttons.append(INVITE.draw(say.INVITE(language), tenant.id))
    if state == DELETING and tenant.delete_after is not None:
        buttons.append(KEEP.draw(say.KEEP(language), tenant.id, style="primary"))
    if state in (READY, PAUSED, SUSPENDED, FAILED, NEEDS_PERSON):
        buttons.append(DELETE.draw(say.DELETE(language), tenant.id, style="danger"))
    return buttons


def _first(names: Sequence[str]) -> str:
    shown = ", ".join(bold(escape(one)) for one in names[:SHOWN])
    return f"{shown} …" if len(names) > SHOWN else shown
