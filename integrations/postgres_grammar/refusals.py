"""What no migration may contain, each with the code of its sentence."""

import re
from collections.abc import Iterator

from integrations.postgres_grammar.nodes import Node, called, enum_name, option, within

# The runner sets these; SQL that raises them holds up everybody who uses the tenant.
TIMEOUTS = frozenset(
    {
        *("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"),
        *("transaction_timeout", "deadlock_timeout"),
    }
)
IDENTITY = frozenset({"role", "session_authorization"})
TIMEOUT_IN_BODY = re.compile(r"\b(" + "|".join(sorted(TIMEOUTS)) + r")\b", re.I)
# Node → code. Roles and databases belong to the whole server: such SQL works on the first tenant
# and fails on the second.
WHOLE = {
    **dict.fromkeys(("createdb_stmt", "dropdb_stmt", "alter_database_stmt"), "server_wide"),
    **dict.fromkeys(("alter_database_set_stmt", "alter_system_stmt"), "server_wide"),
    **dict.fromkeys(("create_table_space_stmt", "drop_table_space_stmt"), "server_wide"),
    **dict.fromkeys(("alter_table_space_options_stmt", "alter_table_move_all_stmt"), "server_wide"),
    **dict.fromkeys(("check_point_stmt", "alter_database_refresh_coll_stmt"), "server_wide"),
    **dict.fromkeys(("create_subscription_stmt", "alter_subscription_stmt"), "server_wide"),
    "drop_subscription_stmt": "server_wide",
    **dict.fromkeys(("create_role_stmt", "alter_role_stmt", "alter_role_set_stmt"), "role"),
    **dict.fromkeys(("drop_role_stmt", "grant_role_stmt", "drop_owned_stmt"), "role"),
    "reassign_owned_stmt": "role",
    **dict.fromkeys(("discard_stmt", "listen_stmt", "unlisten_stmt", "load_stmt"), "session"),
    **dict.fromkeys(("prepare_stmt", "execute_stmt", "deallocate_stmt"), "session"),
    **dict.fromkeys(("declare_cursor_stmt", "fetch_stmt", "close_portal_stmt"), "session"),
    "transaction_stmt": "transaction",
    "call_stmt": "call",
    "copy_stmt": "copy",
    "explain_stmt": "explain",
}


def refusal(kind: str, node: Node) -> str:
    """The code of why this statement is no part of a migration, "" when it may be."""
    if code := WHOLE.get(kind):
        return code
    for check in (_setting, _maintenance, _concurrent_index, _body, _inside):
        if code := check(kind, node):
            return code
    return ""


def _setting(kind: str, node: Node) -> str:
    if kind != "variable_set_stmt":
        return ""
    if node.name.lower() in IDENTITY:
        return "role"
    if enum_name(node, "kind") == "VAR_SET_MULTI":
        return "transaction"
    if node.name.lower() in TIMEOUTS:
        return "timeouts"
    return "" if node.is_local else "session_setting"


def _maintenance(kind: str, node: Node) -> str:
    if kind == "reindex_stmt":
        whole = enum_name(node, "kind").rpartition("_")[2] in ("DATABASE", "SCHEMA", "SYSTEM")
        return "whole_database" if whole else ""
    # Without a table PostgreSQL goes through all of them, each in its own transaction.
    return "whole_database" if kind == "cluster_stmt" and not node.relation.relname else ""


def _concurrent_index(kind: str, node: Node) -> str:
    if kind != "index_stmt" or not node.concurrent:
        return ""
    # On an index that a killed try left invalid it answers "CREATE INDEX" and leaves it invalid.
    if node.if_not_exists:
        return "index_if_not_exists"
    return "" if node.idxname else "index_without_name"


def _body(kind: str, node: Node) -> str:
    if kind != "do_stmt":
        return ""
    body = option(node.args, "as")
    return "timeouts" if body and TIMEOUT_IN_BODY.search(body.arg.string.sval) else ""


def _inside(kind: str, node: Node) -> str:
    if kind == "create_function_stmt":
        return ""
    for inner_kind, inner in within(node):
        if inner_kind == "execute_stmt":
            return "session"
        if inner_kind == "func_call" and TIMEOUTS & set(_settings_of(inner)):
            return "timeouts"
    return ""


def _settings_of(function: Node) -> Iterator[str]:
    if called(function) == "set_config" and function.args:
        for kind, inner in within(function.args[0]):
            if kind == "a_const":
                yield inner.sval.sval.lower()
