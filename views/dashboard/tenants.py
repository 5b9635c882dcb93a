"""The tenants' pages: list, new, one of them with its latest operation, suspending, deleting."""

from services.audit import AuditRecord
from services.errors import DomainError
from services.operations import Operation
from services.tenants import (
    DELETING,
    FAILED,
    NEEDS_PERSON,
    PAUSED,
    READY,
    RESUMING,
    STATES,
    SUSPENDED,
    NewTenant,
    Tenant,
    TenantAdmin,
)
from views.dashboard.history import history
from views.dashboard.kit.addresses import Address
from views.dashboard.kit.blocks import (
    Callout,
    Cell,
    Column,
    Crumb,
    Empty,
    FactList,
    Filters,
    PageBlock,
    PageButton,
    PageForm,
    Screen,
    Split,
    Table,
    TableRow,
)
from views.dashboard.kit.dangers import danger_form
from views.dashboard.kit.fields import NOTHING_TYPED, Field, FormInput, SelectOption
from views.dashboard.kit.lists import empty, filters, first_one, pager
from views.dashboard.kit.reader import PageReader
from views.dashboard.operations import followed
from views.dashboard.report_parts import export_buttons
from views.words import tenants as words
from views.words.dashboard import frame
from views.words.dashboard import tenants as say

PATH = "/admin/tenants"
NEW = f"{PATH}/new"
EMAIL, COMPANY, PLAN, LANGUAGE = "email", "company_name", "plan", "language"
DATABASE, REASON, CONFIRM = "database_url", "reason", "confirm"


def listed(found: tuple[Tenant, ...], limit: int, at: Address, reader: PageReader) -> Screen:
    """A page of tenants; `found` has one more than `limit` when there is a next page."""
    shown = found[:limit]
    rows = tuple(
        TableRow(
            (
                Cell(one.company, href=f"{PATH}/{one.id}", note=one.email),
                Cell(one.slug, mono=True),
                status(one, reader),
                Cell(reader(words.PLANS[one.plan]) if one.plan in words.PLANS else one.plan),
                reader.on(one.created_at),
            )
        )
        for one in shown
    )
    heads = (words.COMPANY, say.SLUG, say.STATUS, words.PLAN, say.SINCE)
    table = Table(
        "tenants",
        reader(say.TITLE),
        tuple(Column(reader(head)) for head in heads),
        rows,
        _empty(at, reader),
        pager(found, limit, at),
        exports=export_buttons("tenants", reader(say.TITLE), at, reader),
    )
    new = PageButton(reader(say.NEW), href=NEW, style="primary")
    return Screen(
        reader(say.TITLE), (_filters(at, reader), table), reader(say.LEAD), actions=(new,)
    )


def new(
    reader: PageReader, typed: FormInput = NOTHING_TYPED, error: DomainError | None = None
) -> Screen:
    """The form of a new tenant."""
    plans = tuple(SelectOption(key, reader(phrase)) for key, phrase in words.PLANS.items())
    spoken = tuple(SelectOption(key, reader(phrase)) for key, phrase in words.LANGUAGES.items())
    fields = (
        Field(COMPANY, reader(words.COMPANY), required=True, most=100),
        Field(EMAIL, reader(words.EMAIL), "email", help=reader(words.EMAIL_HINT), required=True),
        Field(PLAN, reader(words.PLAN), "select", "starter", choices=plans),
        Field(LANGUAGE, reader(words.SPEAKS), "select", reader.language, choices=spoken),
        Field(DATABASE, reader(words.OWN), help=reader(words.OWN_HINT), most=2_000),
    )
    form = PageForm(PATH, fields, reader(words.CREATE), typed=typed, error=error, cancel_href=PATH)
    return Screen(reader(say.NEW), (form,), crumbs=_crumbs(reader))


def read_new(typed: FormInput) -> NewTenant:
    """What the form says."""
    names = (EMAIL, COMPANY, PLAN, DATABASE, LANGUAGE)
    return NewTenant.typed(*(typed.text(name) for name in names))


def one(
    tenant: Tenant,
    admin: TenantAdmin | None,
    operation: Operation | None,
    lines: tuple[AuditRecord, ...],
    reader: PageReader,
) -> Screen:
    """Everything about one tenant, with what can be done now."""
    main: list[PageBlock] = []
    if tenant.problem:
        main.append(Callout("bad", tenant.problem))
    if operation is not None:
        main.append(followed(operation, reader))
    main.append(history(lines, reader))
    return Screen(
        tenant.company,
        (Split(tuple(main), (_facts(tenant, admin, reader),)),),
        crumbs=_crumbs(reader),
        actions=_actions(tenant, admin, reader),
        badge=status(tenant, reader),
    )


def suspend(
    tenant: Tenant,
    reader: PageReader,
    typed: FormInput = NOTHING_TYPED,
    error: DomainError | None = None,
) -> Screen:
    """Why, and the yes."""
    field = Field(REASON, reader(words.REASON), required=True, most=300)
    told = (reader(words.SUSPEND_TEXT, company=tenant.company), reader(words.SUSPEND_YES))
    form = danger_form(f"{PATH}/{tenant.id}", "suspend", field, told, typed, error)
    return Screen(reader(words.SUSPEND_TITLE), (form,), crumbs=_crumbs(reader, tenant))


def delete(
    tenant: Tenant,
    reader: PageReader,
    typed: FormInput = NOTHING_TYPED,
    error: DomainError | None = None,
) -> Screen:
    """What will happen, and the field for its short name."""
    field = Field(CONFIRM, reader(words.SHORT_NAME), required=True, most=100)
    name = tenant.slug or tenant.id
    lead = reader(words.DELETE_TEXT, company=tenant.company, slug=name)
    told = (lead, reader(words.DELETE_YES))
    form = danger_form(f"{PATH}/{tenant.id}", "delete", field, told, typed, error)
    return Screen(reader(words.DELETE_TITLE), (form,), crumbs=_crumbs(reader, tenant))


def status(tenant: Tenant, reader: PageReader) -> Cell:
    """As a badge."""
    text = reader(words.STATES[tenant.state])
    if tenant.state == READY:
        return Cell(text, tone="good")
    return Cell(text, tone="bad" if tenant.state in (FAILED, NEEDS_PERSON) else "warn")


def _facts(tenant: Tenant, admin: TenantAdmin | None, reader: PageReader) -> FactList:
    who = admin.name if admin else reader(words.INVITED, email=tenant.email)
    database = tenant.database or reader(words.THEIR_SERVER)
    facts = [
        (reader(say.SLUG), Cell(tenant.slug, mono=True, copy=True)),
        (reader(words.PLAN), Cell(tenant.plan, note=", ".join(tenant.modules))),
        (reader(words.DATABASE), Cell(database, mono=True, note=tenant.provider)),
        (reader(say.SERVER), Cell(tenant.server_version)),
        (reader(words.ADMINISTRATOR), Cell(who, note=tenant.email)),
        (reader(words.TRIAL), reader.on(tenant.trial_ends_at)),
        (reader(say.SINCE), reader.when(tenant.created_at)),
    ]
    if tenant.reason:
        facts.append((reader(words.REASON), Cell(tenant.reason)))
    if tenant.delete_after is not None:
        at = reader.moment(tenant.delete_after)
        facts.append((reader(words.STATES[DELETING]), Cell(reader(words.KEPT_UNTIL, time=at))))
    return FactList(reader(say.DETAILS), tuple(facts))


def _actions(
    tenant: Tenant, admin: TenantAdmin | None, reader: PageReader
) -> tuple[PageButton, ...]:
    path, state = f"{PATH}/{tenant.id}", tenant.state
    offered = (
        ((SUSPENDED, PAUSED), PageButton(reader(words.RESUME), f"{path}/resume", style="primary")),
        ((READY, SUSPENDED), PageButton(reader(words.EXTEND), f"{path}/extend")),
        ((READY,) if admin is None else (), PageButton(reader(words.INVITE), f"{path}/invite")),
        (
            (DELETING,) if tenant.delete_after else (),
            PageButton(reader(words.KEEP), f"{path}/keep", style="primary"),
        ),
        (
            (READY, PAUSED, RESUMING),
            PageButton(reader(say.SUSPEND), href=f"{path}/suspend", style="danger"),
        ),
        (
            (READY, PAUSED, SUSPENDED, FAILED, NEEDS_PERSON),
            PageButton(reader(say.DELETE), href=f"{path}/delete", style="quiet"),
        ),
    )
    return tuple(button for states, button in offered if state in states)


def _filters(at: Address, reader: PageReader) -> Filters:
    search = Field(
        "q",
        reader(frame.SEARCH),
        "search",
        at.text("q"),
        placeholder=reader(say.SEARCH_HELP),
        most=200,
    )
    states = tuple(SelectOption(state, reader(words.STATES[state])) for state in STATES)
    every = SelectOption("", reader(say.ALL))
    chosen = at.text("state") if at.text("state") in STATES else ""
    state = Field("state", reader(say.STATUS), "select", chosen, choices=(every, *states))
    return filters(at, (search, state), reader)


def _empty(at: Address, reader: PageReader) -> Empty:
    none = first_one(reader(say.NONE_YET), reader(say.NONE_YET_TEXT), reader(say.NEW), NEW)
    return empty(at, reader, none)


def _crumbs(reader: PageReader, tenant: Tenant | None = None) -> tuple[Crumb, ...]:
    top = Crumb(reader(say.TITLE), PATH)
    return (top,) if tenant is None else (top, Crumb(tenant.company, f"{PATH}/{tenant.id}"))
