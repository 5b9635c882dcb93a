"""The form of a rollout: empty, from a file, or with what was asked for before."""

from services.errors import DomainError
from services.rollouts import STRATEGIES, Rollout, RolloutOptions, RolloutOrder, read_options
from views.dashboard.kit.blocks import (
    Callout,
    Cell,
    Column,
    Empty,
    PageBlock,
    PageForm,
    Screen,
    Table,
    TableRow,
)
from views.dashboard.kit.fields import NOTHING_TYPED, YES, Field, FormInput, SelectOption
from views.dashboard.kit.reader import PageReader
from views.dashboard.rollout_parts import PATH, crumbs, path_of
from views.slack.rollouts.form import names, span
from views.words import rollouts as words
from views.words.dashboard import rollouts as say

NEW = f"{PATH}/new"
VERSION, SQL, ROLLBACK_SQL, STRATEGY = "version", "sql", "rollback_sql", "strategy"
TENANTS, CANARY = "tenants", "canary"
CANARY_WATCH, WAVE_WATCH, THRESHOLD = "canary_watch", "wave_watch", "threshold"
RETURN, LONG, DRY = "return_by_itself", "long_locks", "dry_run"
# Seconds that a lock is waited for by default; more is the box.
USUAL_WAIT = RolloutOptions().lock_timeout
LONGEST_SQL, MOST_FAILURES = 1_000_000, 1_000
BEGUN = RolloutOrder("", "", strategy="canary_gradual")


def new(
    order: RolloutOrder,
    files: tuple[str, ...],
    reader: PageReader,
    typed: FormInput = NOTHING_TYPED,
    error: DomainError | None = None,
) -> Screen:
    """Of a new one; `files` are the versions that have a file."""
    fields = _fields(order, reader(words.SQL_HINT) if files else "", reader)
    form = PageForm(PATH, fields, reader(words.CHECK), typed=typed, error=error, cancel_href=PATH)
    blocks: tuple[PageBlock, ...] = (form,)
    if files and not order.version and not typed:
        blocks = (*blocks, _files(files, reader))
    return Screen(reader(say.NEW), blocks, reader(say.NEW_TEXT), crumbs=crumbs(reader))


def change(
    of: Rollout,
    order: RolloutOrder,
    reader: PageReader,
    typed: FormInput = NOTHING_TYPED,
    error: DomainError | None = None,
) -> Screen:
    """Of one that was asked for, to be asked for again."""
    path = path_of(of)
    form = PageForm(
        f"{path}/change",
        _fields(order, "", reader),
        reader(words.CHECK),
        typed=typed,
        error=error,
        cancel_href=path,
    )
    blocks: tuple[PageBlock, ...] = (form,)
    if of.state == "proposed":
        blocks = (Callout("info", reader(say.REPLACES)), *blocks)
    title = reader(say.CHANGE_TITLE, version=of.version)
    return Screen(title, blocks, crumbs=crumbs(reader, of))


def read(typed: FormInput, language: str) -> RolloutOrder:
    """What is asked for; raises Invalid with its field."""
    boxes = (RETURN, LONG, DRY)
    ticked = frozenset(one for one in boxes if typed.checked(one))
    options = read_options(
        typed.text(CANARY_WATCH), typed.text(WAVE_WATCH), typed.text(THRESHOLD), ticked=ticked
    )
    return RolloutOrder(
        version=typed.text(VERSION),
        up_sql=typed.text(SQL),
        down_sql=typed.text(ROLLBACK_SQL),
        strategy=typed.text(STRATEGY),
        tenants=names(typed.text(TENANTS)),
        canary=typed.text(CANARY),
        options=options,
        dry_run=DRY in ticked,
        language=language,
    )


def _fields(order: RolloutOrder, sql_hint: str, reader: PageReader) -> tuple[Field, ...]:
    """`sql_hint` says where SQL comes from when the field is left empty; "" when from nowhere."""
    strategies = tuple(SelectOption(one, reader(words.STRATEGIES[one])) for one in STRATEGIES)
    return (
        Field(
            VERSION,
            reader(words.VERSION),
            value=order.version,
            help=reader(words.VERSION_HINT),
            required=True,
            most=64,
        ),
        Field(
            SQL,
            reader(words.SQL),
            "code",
            order.up_sql,
            sql_hint,
            required=not sql_hint,
            most=LONGEST_SQL,
        ),
        Field(
            ROLLBACK_SQL,
            reader(words.ROLLBACK_SQL),
            "code",
            order.down_sql,
            reader(words.ROLLBACK_HINT),
            most=LONGEST_SQL,
        ),
        Field(STRATEGY, reader(words.STRATEGY), "select", order.strategy, choices=strategies),
        Field(
            TENANTS,
            reader(words.TENANTS),
            value=" ".join(order.tenants),
            help=reader(words.TENANTS_HINT),
        ),
        Field(CANARY, reader(words.CANARY), value=order.canary, help=reader(words.CANARY_HINT)),
        *_options(order.options, reader),
        Field(DRY, reader(words.DRY_RUN), "checkbox", YES if order.dry_run else ""),
    )


def _options(options: RolloutOptions, reader: PageReader) -> tuple[Field, ...]:
    hint, most = reader(words.TIME_HINT), 12
    first, each = span(options.canary_watch), span(options.wave_watch)
    long = YES if options.lock_timeout > USUAL_WAIT else ""
    halts = str(options.threshold)
    return (
        Field(CANARY_WATCH, reader(words.CANARY_WATCH), value=first, help=hint, most=most),
        Field(WAVE_WATCH, reader(words.WAVE_WATCH), value=each, help=hint, most=most),
        Field(
            THRESHOLD,
            reader(words.THRESHOLD),
            "number",
            halts,
            reader(say.THRESHOLD_HINT),
            most=MOST_FAILURES,
        ),
        Field(
            RETURN,
            reader(words.RETURN_BY_ITSELF),
            "checkbox",
            YES if options.return_by_itself else "",
        ),
        Field(LONG, reader(words.LONG_LOCKS), "checkbox", long),
    )


def _files(files: tuple[str, ...], reader: PageReader) -> Table:
    rows = tuple(TableRow((Cell(one, href=f"{NEW}?version={one}"),)) for one in files)
    columns = (Column(reader(words.VERSION)),)
    return Table("files", reader(say.FILES), columns, rows, Empty(""), note=reader(say.FILES_TEXT))
