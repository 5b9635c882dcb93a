"""The users' pages: list, a test user, one of them, what is done with a key and with credits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from services.credits import Balance, CreditEntry
from services.errors import DomainError
from services.operations import Operation
from services.phrases import Phrase
from services.users import NewUser, User, UserChanges, read_credits, read_limit
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
    Tone,
)
from views.dashboard.kit.fields import NOTHING_TYPED, Field, FormInput, SelectOption
from views.dashboard.kit.lists import empty, filters, first_one, pager
from views.dashboard.kit.reader import PageReader
from views.dashboard.operations import followed
from views.words.dashboard import frame as words
from views.words.dashboard import users as say

PATH = "/admin/users"
NEW = f"{PATH}/new"
EMAIL, CREDITS, LIMIT, AMOUNT, REASON, OFF, CONFIRM = (
    *("email", "credits", "limit", "amount", "reason", "off", "confirm"),
)
TONES: dict[str, Tone] = {
    "pending": "info",
    "active": "good",
    "failed": "bad",
    "revoked": "quiet",
}


@dataclass(frozen=True, slots=True)
class UserFile:
    """Everything a page tells of one user."""

    user: User
    balance: Balance
    entries: tuple[CreditEntry, ...]
    operation: Operation | None


@dataclass(frozen=True, slots=True)
class UserVerb:
    """The words of a form about one user."""

    title: Phrase
    lead: Phrase
    style: Literal["primary", "danger"] = "primary"


VERBS: Mapping[str, UserVerb] = {
    "credits": UserVerb(say.BOOK, say.BOOK_LEAD),
    "key": UserVerb(say.CHANGE, say.CHANGE_LEAD),
    "revoke": UserVerb(say.REVOKE_NOW, say.REVOKE_LEAD, "danger"),
}


def listed(
    found: tuple[User, ...],
    limit: int,
    balances: Mapping[str, Balance],
    at: Address,
    reader: PageReader,
) -> Screen:
    """A page of users; `found` has one more than `limit` when there is a next page."""
    shown = found[:limit]
    rows = tuple(
        TableRow(
            (
                Cell(one.email, href=f"{PATH}/{one.id}", note=one.problem[:120]),
                status(one, reader),
                Cell(reader.number(balances[one.id].available if one.id in balances else 0)),
                Cell(_dollars(one, reader)),
                reader.on(one.created_at),
            )
        )
        for one in shown
    )
    columns = (
        Column(reader(say.USER)),
        Column(reader(say.STATUS)),
        Column(reader(say.CREDITS), numeric=True),
        Column(reader(say.LIMIT), numeric=True),
        Column(reader(say.SINCE)),
    )
    table = Table(
        "users", reader(say.TITLE), columns, rows, _empty(at, reader), pager(found, limit, at)
    )
    new_button = PageButton(reader(say.NEW), href=NEW, style="primary")
    return Screen(
        reader(say.TITLE),
        (_filters(at, reader), table),
        reader(say.LEAD),
        actions=(new_button,),
    )


def new(
    reader: PageReader, typed: FormInput = NOTHING_TYPED, error: DomainError | None = None
) -> Screen:
    """The form of a test user."""
    fields = (
        Field(EMAIL, reader(say.EMAIL), "email", required=True, most=254),
        Field(CREDITS, reader(say.CREDITS), "number", help=reader(say.CREDITS_HELP)),
        Field(LIMIT, reader(say.DOLLARS), help=reader(say.LIMIT_HELP), most=12),
    )
    form = PageForm(
        PATH,
        fields,
        reader(say.CREATE),
        lead=reader(say.NEW_LEAD),
        typed=typed,
        error=error,
        cancel_href=PATH,
    )
    return Screen(reader(say.NEW), (form,), crumbs=_crumbs(reader))


def read_new(typed: FormInput) -> NewUser:
    """What the form says; raises Invalid with the field's name."""
    limit, credits = read_limit(typed.text(LIMIT)), read_credits(typed.text(CREDITS))
    return NewUser(typed.text(EMAIL), credits, limit)


def read_changes(typed: FormInput) -> UserChanges:
    """What the form of the key says; raises Invalid."""
    return UserChanges(read_limit(typed.text(LIMIT)), typed.checked(OFF))


def one(file: UserFile, reader: PageReader) -> Screen:
    """Everything about one user."""
    user = file.user
    problem: tuple[PageBlock, ...] = ()
    if user.problem and (file.operation is None or not file.operation.problem):
        problem = (Callout("bad", reader(say.PROBLEM, problem=user.problem)),)
    live = (followed(file.operation, reader),) if file.operation else ()
    main = (*problem, *live, _statement(file.entries, reader))
    return Screen(
        user.email,
        (Split(main, (_facts(file, reader),)),),
        crumbs=_crumbs(reader),
        actions=_verbs(user, reader),
        badge=status(user, reader),
    )


def ask(
    user: User,
    verb: str,
    reader: PageReader,
    typed: FormInput = NOTHING_TYPED,
    error: DomainError | None = None,
) -> Screen:
    """The form of one verb."""
    told, path = VERBS[verb], f"{PATH}/{user.id}"
    form = PageForm(
        f"{path}/{verb}",
        _fields(user, verb, reader),
        reader(told.title),
        lead=reader(told.lead),
        style=told.style,
        typed=typed,
        error=error,
        cancel_href=path,
    )
    title = reader(say.REVOKE_TITLE, email=user.email) if verb == "revoke" else reader(told.title)
    return Screen(title, (form,), crumbs=(*_crumbs(reader), Crumb(user.email, path)))


def status(user: User, reader: PageReader) -> Cell:
    """As a badge."""
    return Cell(reader(say.STATUSES[user.status]), tone=TONES[user.status])


def _fields(user: User, verb: str, reader: PageReader) -> tuple[Field, ...]:
    limit = "" if user.key_limit is None else str(user.key_limit)
    return {
        "credits": (
            Field(AMOUNT, reader(say.AMOUNT), "number", required=True),
            Field(REASON, reader(say.REASON), most=500),
        ),
        "key": (
            Field(LIMIT, reader(say.DOLLARS), value=limit, help=reader(say.LIMIT_HELP), most=12),
            Field(OFF, reader(say.OFF), "checkbox", "yes" if user.key_disabled else ""),
        ),
        "revoke": (Field(CONFIRM, reader(say.CONFIRM, name=user.email), required=True, most=300),),
    }[verb]


def _facts(file: UserFile, reader: PageReader) -> FactList:
    user, balance = file.user, file.balance
    off = reader(say.SWITCHED_OFF) if user.key_disabled else ""
    rows = (
        (reader(say.CREDITS), Cell(reader.number(balance.available))),
        (reader(say.HELD), Cell(reader.number(balance.held))),
        (reader(say.SPENT), Cell(reader.number(balance.spent))),
        (reader(say.KEY_NAME), Cell(user.key_name or reader(say.NO_KEY), note=off)),
        (reader(say.LIMIT), Cell(_dollars(user, reader))),
        (reader(say.CAME), Cell(reader(say.SOURCES[user.source]))),
        (reader(say.SINCE), reader.when(user.created_at)),
        (reader(say.CONFIRMED), reader.when(user.confirmed_at)),
        ("Id", Cell(user.id, mono=True, copy=True)),
    )
    return FactList(reader(say.DETAILS), rows)


def _statement(entries: tuple[CreditEntry, ...], reader: PageReader) -> Table:
    rows = tuple(
        TableRow(
            (
                Cell(reader(say.ENTRIES[one.kind]), note=one.reason),
                Cell(f"{one.amount:+}"),
                Cell(reader.number(one.balance)),
                reader.since(one.at),
            )
        )
        for one in entries
    )
    columns = (
        Column(reader(say.ENTRY)),
        Column(reader(say.AMOUNT), numeric=True),
        Column(reader(say.BALANCE), numeric=True),
        Column(reader(say.WHEN)),
    )
    empty = Empty(reader(say.NO_ENTRIES))
    return Table("entries", reader(say.STATEMENT), columns, rows, empty)


def _verbs(user: User, reader: PageReader) -> tuple[PageButton, ...]:
    path = f"{PATH}/{user.id}"
    again = PageButton(reader(say.PROVISION), f"{path}/provision", style="primary")
    change = PageButton(reader(say.CHANGE), href=f"{path}/key")
    revoke = PageButton(reader(say.REVOKE), href=f"{path}/revoke", style="quiet")
    return (
        *((again,) if user.status in ("failed", "revoked") else ()),
        PageButton(reader(say.BOOK), href=f"{path}/credits"),
        *((change, revoke) if user.status != "revoked" else ()),
    )


def _filters(at: Address, reader: PageReader) -> Filters:
    options = (
        SelectOption("", reader(words.ANY)),
        SelectOption("true", reader(say.WITH_KEY)),
        SelectOption("false", reader(say.WITHOUT_KEY)),
    )
    fields = (
        Field("q", reader(words.SEARCH), "search", at.text("q"), most=200,
              placeholder=reader(say.SEARCH_HELP)),
        Field("provisioned", reader(say.KEY), "select", at.text("provisioned"), choices=options),
    )  # fmt: skip
    return filters(at, fields, reader)


def _empty(at: Address, reader: PageReader) -> Empty:
    none = first_one(reader(say.NONE_YET), reader(say.NONE_YET_TEXT), reader(say.NEW), NEW)
    return empty(at, reader, none)


def _dollars(user: User, reader: PageReader) -> str:
    return "–" if user.key_limit is None else reader.money(int(user.key_limit * 100), "USD")


def _crumbs(reader: PageReader) -> tuple[Crumb, ...]:
    return (Crumb(reader(say.TITLE), PATH),)
