"""What destroys, opens to everybody, or cannot be read through: a second admin must agree."""

import re
from collections.abc import Iterator

from integrations.postgres_grammar.nodes import (
    Node,
    called,
    enum_name,
    named,
    option,
    qualified,
    texts,
    unwrap,
    within,
)
from integrations.postgres_grammar.types import Concern

DROPPED = {
    "OBJECT_TABLE": "drops_table",
    "OBJECT_FOREIGN_TABLE": "drops_table",
    "OBJECT_SCHEMA": "drops_schema",
    "OBJECT_TYPE": "drops_type",
    "OBJECT_DOMAIN": "drops_type",
    "OBJECT_VIEW": "drops_view",
    "OBJECT_MATVIEW": "drops_view",
    "OBJECT_POLICY": "drops_policy",
    "OBJECT_SEQUENCE": "drops_sequence",
    "OBJECT_TRIGGER": "drops_trigger",
    "OBJECT_RULE": "drops_trigger",
    "OBJECT_FUNCTION": "drops_function",
    "OBJECT_PROCEDURE": "drops_function",
    "OBJECT_ROUTINE": "drops_function",
    "OBJECT_AGGREGATE": "drops_function",
    "OBJECT_EXTENSION": "drops_extension",
}
ALTERED = {
    "AT_DropColumn": "drops_column",
    "AT_DropConstraint": "drops_constraint",
    "AT_AlterColumnType": "changes_type",
    "AT_DisableRowSecurity": "disables_row_security",
    "AT_NoForceRowSecurity": "disables_row_security",
    "AT_DisableTrig": "disables_trigger",
    "AT_DisableTrigAll": "disables_trigger",
    "AT_DisableTrigUser": "disables_trigger",
    "AT_SetUnLogged": "unlogged",
}
# Supabase's role for everybody without a sign-in.
EVERYBODY = frozenset({"anon"})
DOMAIN_DROPS_CONSTRAINT = "X"
READABLE_LANGUAGES = frozenset({"sql", "plpgsql"})
DYNAMIC = re.compile(r"\bexecute\b", re.I)
OPAQUE_CALLS = re.compile(
    r"set_config|pg_(try_)?advisory_\w+|pg_(terminate|cancel)_backend|dblink\w*|lo_\w+|pg_reload_conf"
    r"|pg_read_\w*file|pg_ls_dir|query_to_xml\w*|pg_switch_wal|pg_promote"
)
# What a SELECT in a migration may call without a question; others may do anything.
PLAIN_CALLS = frozenset({"setval", "nextval", "currval", "count", "max", "min", "sum", "now"})


def concerns(kind: str, node: Node) -> tuple[Concern, ...]:
    """All of a statement's, each once, in the order of the text."""
    return tuple(dict.fromkeys(_all(kind, node)))


def _all(kind: str, node: Node) -> Iterator[Concern]:
    if kind == "create_function_stmt":
        yield from _function(node)
        return
    yield from _one(kind, node)
    for inner_kind, inner in within(node):
        yield from _one(inner_kind, inner)
    if kind == "select_stmt":
        yield from _unknown_calls(node)


def _one(kind: str, node: Node) -> Iterator[Concern]:
    rule = {
        "drop_stmt": _dropped,
        "alter_table_stmt": _altered,
        "alter_domain_stmt": _domain,
        "truncate_stmt": _truncated,
        "delete_stmt": _unbounded,
        "update_stmt": _unbounded,
        "grant_stmt": _granted,
        "alter_default_privileges_stmt": _granted_later,
        "do_stmt": _anonymous,
        "func_call": _called,
    }.get(kind)
    if rule is not None:
        yield from rule(node)


def _dropped(node: Node) -> Iterator[Concern]:
    if code := DROPPED.get(enum_name(node, "remove_type")):
        for wrapped in node.objects:
            yield Concern(code, ".".join(named(wrapped)))
    yield from _cascade(node)


def _altered(node: Node) -> Iterator[Concern]:
    table = qualified(node.relation)
    for wrapped in node.cmds:
        change = wrapped.alter_table_cmd
        if code := ALTERED.get(enum_name(change, "subtype")):
            yield Concern(code, f"{table}.{change.name}" if change.name else table)
        yield from _cascade(change)


def _domain(node: Node) -> Iterator[Concern]:
    if node.subtype == DOMAIN_DROPS_CONSTRAINT:
        yield Concern("drops_constraint", ".".join([*texts(node.type_name), node.name]))
        yield from _cascade(node)


def _truncated(node: Node) -> Iterator[Concern]:
    for wrapped in node.relations:
        yield Concern("empties_table", qualified(wrapped.range_var))
    yield from _cascade(node)


def _unbounded(node: Node) -> Iterator[Concern]:
    condition = node.where_clause
    # `WHERE true` is no condition either: one that looks at nothing in the row.
    looks = condition.WhichOneof("node") and any(
        kind in ("column_ref", "current_of_expr")
        for kind, _ in [unwrap(condition), *within(condition)]
    )
    if not looks:
        code = "deletes_all" if node.DESCRIPTOR.name == "DeleteStmt" else "updates_all"
        yield Concern(code, qualified(node.relation))


def _granted(node: Node) -> Iterator[Concern]:
    if not node.is_grant:
        yield from _cascade(node)
        return
    for wrapped in node.grantees:
        grantee = wrapped.role_spec
        if enum_name(grantee, "roletype") == "ROLESPEC_PUBLIC":
            yield Concern("grants_everybody", "public")
        elif grantee.rolename in EVERYBODY:
            yield Concern("grants_everybody", grantee.rolename)


def _granted_later(node: Node) -> Iterator[Concern]:
    yield from _granted(node.action)


def _cascade(node: Node) -> Iterator[Concern]:
    if enum_name(node, "behavior") == "DROP_CASCADE":
        yield Concern("cascades")


def _anonymous(node: Node) -> Iterator[Concern]:
    yield Concern("opaque_do")


def _called(node: Node) -> Iterator[Concern]:
    if OPAQUE_CALLS.fullmatch(called(node)):
        yield Concern("opaque_call", called(node))


def _unknown_calls(node: Node) -> Iterator[Concern]:
    for kind, inner in within(node):
        if kind == "func_call" and called(inner) not in PLAIN_CALLS:
            yield Concern("opaque_call", called(inner))


def _function(node: Node) -> Iterator[Concern]:
    name = ".".join(texts(node.funcname))
    language, body = option(node.options, "language"), option(node.options, "as")
    if language and language.arg.string.sval.lower() not in READABLE_LANGUAGES:
        yield Concern("opaque_language", language.arg.string.sval)
    if body and any(map(DYNAMIC.search, texts(body.arg.list.items))):
        yield Concern("opaque_execute", name)
