"""What a statement is called, whether it may run in a transaction, and how a half one is mended."""

from integrations.postgres_grammar.nodes import Node, enum_name, named, option
from integrations.postgres_grammar.types import Mode, RepairPlan

# Where the name of the node is not the command.
COMMANDS = {
    "index_stmt": "CREATE INDEX",
    "create_stmt": "CREATE TABLE",
    "view_stmt": "CREATE VIEW",
    "create_trig_stmt": "CREATE TRIGGER",
    "create_seq_stmt": "CREATE SEQUENCE",
    "create_enum_stmt": "CREATE TYPE",
    "composite_type_stmt": "CREATE TYPE",
    "create_range_stmt": "CREATE TYPE",
    "alter_enum_stmt": "ALTER TYPE",
    "rule_stmt": "CREATE RULE",
    "variable_set_stmt": "SET",
    "refresh_mat_view_stmt": "REFRESH MATERIALIZED VIEW",
    "create_table_as_stmt": "CREATE TABLE AS",
    "create_stats_stmt": "CREATE STATISTICS",
    "define_stmt": "CREATE",
}


def command(kind: str, node: Node) -> str:
    """The command in PostgreSQL's words: "ALTER TABLE", "DROP VIEW"."""
    if kind in ("drop_stmt", "alter_table_stmt", "rename_stmt", "alter_object_schema_stmt"):
        field = "remove_type" if kind == "drop_stmt" else _object_field(kind)
        verb = "DROP" if kind == "drop_stmt" else "ALTER"
        return f"{verb} {_object(enum_name(node, field))}"
    if kind == "grant_stmt":
        return "GRANT" if node.is_grant else "REVOKE"
    if kind == "vacuum_stmt":
        return "VACUUM" if node.is_vacuumcmd else "ANALYZE"
    if kind == "transaction_stmt":
        return enum_name(node, "kind").removeprefix("TRANS_STMT_").replace("_", " ")
    return COMMANDS.get(kind) or kind.removesuffix("_stmt").replace("_", " ").upper()


def mode_of(kind: str, node: Node) -> Mode:
    """Whether PostgreSQL runs it inside a transaction (PreventInTransactionBlock in its source)."""
    return "alone" if repair_of(kind, node) else "transaction"


def repair_of(kind: str, node: Node) -> RepairPlan | None:
    """How a half one is found and mended; None for what a transaction takes back by itself."""
    if kind == "index_stmt" and node.concurrent:
        return RepairPlan(
            "create_index", node.idxname, node.relation.schemaname, node.relation.relname
        )
    if kind == "drop_stmt" and node.concurrent:
        name = named(node.objects[0])
        return RepairPlan("drop_index", name[-1], ".".join(name[:-1]))
    if kind == "reindex_stmt" and option(node.params, "concurrently"):
        return RepairPlan("reindex", node.relation.relname, node.relation.schemaname)
    if kind == "vacuum_stmt" and node.is_vacuumcmd:
        return RepairPlan("repeat")
    return _detaching(node) if kind == "alter_table_stmt" else None


def _detaching(node: Node) -> RepairPlan | None:
    for wrapped in node.cmds:
        partition = getattr(wrapped.alter_table_cmd, "def").partition_cmd
        if partition.concurrent:
            name = partition.name
            return RepairPlan("detach", name.relname, name.schemaname, _whole(node.relation))
    return None


def _whole(relation: Node) -> str:
    parts = (relation.schemaname, relation.relname)
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts if part)


def _object_field(kind: str) -> str:
    return {"alter_table_stmt": "objtype", "rename_stmt": "relation_type"}.get(kind, "object_type")


def _object(name: str) -> str:
    words = name.removeprefix("OBJECT_")
    return {"MATVIEW": "MATERIALIZED VIEW", "ACCESS_METHOD": "INDEX"}.get(
        words, words.replace("_", " ")
    )
