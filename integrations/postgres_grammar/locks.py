"""Which table a statement locks, how, and what others feel of it: tried on PostgreSQL 15 and 18."""

from collections.abc import Iterable, Iterator

from integrations.postgres_grammar.nodes import (
    Node,
    called,
    enum_name,
    named,
    option,
    qualified,
    within,
)
from integrations.postgres_grammar.types import Effect, TableLock

ACCESS_EXCLUSIVE = "ACCESS EXCLUSIVE"
EXCLUSIVE = "EXCLUSIVE"
SHARE_ROW_EXCLUSIVE = "SHARE ROW EXCLUSIVE"
SHARE = "SHARE"
SHARE_UPDATE_EXCLUSIVE = "SHARE UPDATE EXCLUSIVE"
# LOCKMODE of PostgreSQL's lockdefs.h, by number.
MODES = (
    *("", "ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE", SHARE_UPDATE_EXCLUSIVE),
    *(SHARE, SHARE_ROW_EXCLUSIVE, EXCLUSIVE, ACCESS_EXCLUSIVE),
)
WRITES_WAIT = frozenset({SHARE, SHARE_ROW_EXCLUSIVE, EXCLUSIVE})
STRENGTH: dict[Effect, int] = {
    "nothing": 0,
    "instant": 1,
    "writes_wait": 2,
    "scan": 3,
    "rewrite": 4,
}
# Subcommands of ALTER TABLE that are not ACCESS EXCLUSIVE for a moment.
CHANGES: dict[str, tuple[str, Effect]] = {
    "AT_SetNotNull": (ACCESS_EXCLUSIVE, "scan"),
    "AT_AlterColumnType": (ACCESS_EXCLUSIVE, "rewrite"),
    "AT_SetExpression": (ACCESS_EXCLUSIVE, "rewrite"),
    "AT_SetLogged": (ACCESS_EXCLUSIVE, "rewrite"),
    "AT_SetUnLogged": (ACCESS_EXCLUSIVE, "rewrite"),
    "AT_SetTableSpace": (ACCESS_EXCLUSIVE, "rewrite"),
    "AT_SetAccessMethod": (ACCESS_EXCLUSIVE, "rewrite"),
    "AT_ValidateConstraint": (SHARE_UPDATE_EXCLUSIVE, "nothing"),
    "AT_SetStatistics": (SHARE_UPDATE_EXCLUSIVE, "nothing"),
    "AT_SetOptions": (SHARE_UPDATE_EXCLUSIVE, "nothing"),
    "AT_ResetOptions": (SHARE_UPDATE_EXCLUSIVE, "nothing"),
    "AT_SetRelOptions": (SHARE_UPDATE_EXCLUSIVE, "nothing"),
    "AT_ResetRelOptions": (SHARE_UPDATE_EXCLUSIVE, "nothing"),
    "AT_ClusterOn": (SHARE_UPDATE_EXCLUSIVE, "nothing"),
    "AT_DropCluster": (SHARE_UPDATE_EXCLUSIVE, "nothing"),
    "AT_AttachPartition": (SHARE_UPDATE_EXCLUSIVE, "nothing"),
    **dict.fromkeys(
        ("AT_EnableTrig", "AT_EnableTrigAll", "AT_EnableTrigUser", "AT_EnableAlwaysTrig"),
        (SHARE_ROW_EXCLUSIVE, "writes_wait"),
    ),
    **dict.fromkeys(
        ("AT_DisableTrig", "AT_DisableTrigAll", "AT_DisableTrigUser", "AT_EnableReplicaTrig"),
        (SHARE_ROW_EXCLUSIVE, "writes_wait"),
    ),
}
BUILDS = frozenset({"CONSTR_UNIQUE", "CONSTR_PRIMARY", "CONSTR_EXCLUSION"})
SERIAL = frozenset({"serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"})
# Functions whose value is the same for all rows: a default of these does not rewrite the table.
STABLE = frozenset({"now", "transaction_timestamp", "statement_timestamp", "current_setting"})
OF_A_TABLE = frozenset({"OBJECT_POLICY", "OBJECT_TRIGGER", "OBJECT_RULE"})
RELATIONS = frozenset({"OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_FOREIGN_TABLE"})


def locks(kind: str, node: Node) -> tuple[TableLock, ...]:
    """The strongest per table, in the order of the text."""
    strongest: dict[str, TableLock] = {}
    for one in _all(kind, node):
        known = strongest.get(one.table)
        if known is None or _strength(one) > _strength(known):
            strongest[one.table] = one
    return tuple(strongest.values())


def _strength(lock: TableLock) -> tuple[int, int]:
    return MODES.index(lock.mode), STRENGTH[lock.effect]


def _all(kind: str, node: Node) -> Iterator[TableLock]:
    rule = {
        "alter_table_stmt": _altered,
        "create_stmt": _created,
        "drop_stmt": _dropped,
        "vacuum_stmt": _vacuumed,
        "lock_stmt": _locked,
        "comment_stmt": _commented,
        "truncate_stmt": _truncated,
    }.get(kind)
    if rule is not None:
        yield from rule(node)
        return
    single = _single(kind, node)
    if single is not None:
        yield single


def _single(kind: str, node: Node) -> TableLock | None:
    if kind in ("create_policy_stmt", "alter_policy_stmt"):
        return _instant(qualified(node.table))
    if kind == "create_trig_stmt":
        return TableLock(qualified(node.relation), SHARE_ROW_EXCLUSIVE, "writes_wait")
    if kind in ("rename_stmt", "rule_stmt", "alter_object_schema_stmt"):
        return _instant(qualified(node.relation)) if node.relation.relname else None
    if kind == "index_stmt":
        return _unless(node.concurrent, qualified(node.relation))
    if kind == "reindex_stmt":
        return _unless(option(node.params, "concurrently") is not None, qualified(node.relation))
    if kind == "refresh_mat_view_stmt" and node.concurrent:
        return TableLock(qualified(node.relation), EXCLUSIVE, "writes_wait")
    if kind in ("refresh_mat_view_stmt", "cluster_stmt"):
        return TableLock(qualified(node.relation), ACCESS_EXCLUSIVE, "rewrite")
    return _instant(qualified(node.view)) if kind == "view_stmt" and node.replace else None


def _unless(concurrent: bool, table: str) -> TableLock:
    if concurrent:
        return TableLock(table, SHARE_UPDATE_EXCLUSIVE, "nothing")
    return TableLock(table, SHARE, "writes_wait")


def _instant(table: str) -> TableLock:
    return TableLock(table, ACCESS_EXCLUSIVE, "instant")


def _altered(node: Node) -> Iterator[TableLock]:
    if enum_name(node, "objtype") in ("OBJECT_TYPE", "OBJECT_SEQUENCE"):
        return
    table = qualified(node.relation)
    for wrapped in node.cmds:
        change = wrapped.alter_table_cmd
        name, what = enum_name(change, "subtype"), getattr(change, "def")
        if name == "AT_AddColumn":
            yield TableLock(table, ACCESS_EXCLUSIVE, _column(what.column_def))
            yield from _referenced(_constraints(what.column_def))
        elif name == "AT_AddConstraint":
            yield from _constrained(table, what.constraint)
        else:
            yield TableLock(table, *CHANGES.get(name, (ACCESS_EXCLUSIVE, "instant")))
        if name == "AT_AttachPartition":
            yield _instant(qualified(what.partition_cmd.name))
        if name == "AT_DetachPartition" and what.partition_cmd.concurrent:
            yield TableLock(table, SHARE_UPDATE_EXCLUSIVE, "nothing")


def _constrained(table: str, constraint: Node) -> Iterator[TableLock]:
    kind = enum_name(constraint, "contype")
    if kind == "CONSTR_FOREIGN":
        yield TableLock(table, SHARE_ROW_EXCLUSIVE, "writes_wait")
        yield from _referenced([constraint])
    elif (kind in BUILDS and constraint.indexname) or constraint.skip_validation:
        yield _instant(table)
    else:
        yield TableLock(table, ACCESS_EXCLUSIVE, "scan")


def _referenced(constraints: Iterable[Node]) -> Iterator[TableLock]:
    for one in constraints:
        if enum_name(one, "contype") == "CONSTR_FOREIGN":
            yield TableLock(qualified(one.pktable), SHARE_ROW_EXCLUSIVE, "writes_wait")


def _column(column: Node) -> Effect:
    effects: list[Effect] = ["instant"]
    if column.type_name.names and column.type_name.names[-1].string.sval in SERIAL:
        effects.append("rewrite")
    for constraint in _constraints(column):
        kind = enum_name(constraint, "contype")
        if kind == "CONSTR_DEFAULT" and not _same_for_all(constraint.raw_expr):
            effects.append("rewrite")
        if kind == "CONSTR_IDENTITY" or (kind, constraint.generated_kind) == (
            "CONSTR_GENERATED",
            "s",
        ):
            effects.append("rewrite")
        if kind in BUILDS or kind == "CONSTR_CHECK":
            effects.append("scan")
    return max(effects, key=STRENGTH.__getitem__)


def _constraints(column: Node) -> list[Node]:
    return [wrapped.constraint for wrapped in column.constraints]


def _same_for_all(expression: Node) -> bool:
    calls = {called(inner) for kind, inner in within(expression) if kind == "func_call"}
    return calls <= STABLE


def _created(node: Node) -> Iterator[TableLock]:
    for wrapped in node.inh_relations:
        parent = qualified(wrapped.range_var)
        if node.HasField("partbound"):
            yield _instant(parent)
        else:
            yield TableLock(parent, SHARE_UPDATE_EXCLUSIVE, "nothing")
    for wrapped in node.table_elts:
        yield from _referenced([wrapped.constraint, *_constraints(wrapped.column_def)])


def _dropped(node: Node) -> Iterator[TableLock]:
    removed = enum_name(node, "remove_type")
    for wrapped in node.objects:
        name = named(wrapped)
        if removed in OF_A_TABLE:
            yield _instant(".".join(name[:-1]))
        elif removed in RELATIONS:
            yield _instant(".".join(name))


def _truncated(node: Node) -> Iterator[TableLock]:
    for wrapped in node.relations:
        yield TableLock(qualified(wrapped.range_var), ACCESS_EXCLUSIVE, "rewrite")


def _vacuumed(node: Node) -> Iterator[TableLock]:
    full = option(node.options, "full") is not None
    for wrapped in node.rels:
        table = qualified(wrapped.vacuum_relation.relation)
        if full:
            yield TableLock(table, ACCESS_EXCLUSIVE, "rewrite")
        else:
            yield TableLock(table, SHARE_UPDATE_EXCLUSIVE, "nothing")


def _locked(node: Node) -> Iterator[TableLock]:
    mode = MODES[node.mode]
    effect: Effect = "writes_wait" if mode in WRITES_WAIT else "nothing"
    for wrapped in node.relations:
        yield TableLock(
            qualified(wrapped.range_var), mode, "instant" if mode == ACCESS_EXCLUSIVE else effect
        )


def _commented(node: Node) -> Iterator[TableLock]:
    kind = enum_name(node, "objtype")
    name = named(node.object)
    if kind in RELATIONS or kind == "OBJECT_COLUMN":
        table = name if kind in RELATIONS else name[:-1]
        yield TableLock(".".join(table), SHARE_UPDATE_EXCLUSIVE, "nothing")
