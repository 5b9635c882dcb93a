"""Walking PostgreSQL's parse tree: kinds, names, and what lies within a node."""

from collections.abc import Iterable, Iterator
from typing import Any

from postgast import pg_query_pb2 as pg

# A node of the tree. Protobuf's generated classes have no common type with their fields.
Node = Any


def unwrap(wrapped: Node) -> tuple[str, Node]:
    """A node's kind ("alter_table_stmt") and the node itself."""
    kind = wrapped.WhichOneof("node") or ""
    return kind, getattr(wrapped, kind) if kind else wrapped


def within(node: Node) -> Iterator[tuple[str, Node]]:
    """Every node below this one with its kind, without recursion: trees may be deep."""
    waiting: list[Node] = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, pg.Node):
            kind, inner = unwrap(current)
            if kind:
                yield kind, inner
                waiting.append(inner)
            continue
        for field, value in current.ListFields():
            if field.message_type is not None:
                waiting.extend(value if field.is_repeated else [value])


def texts(items: Iterable[Node]) -> list[str]:
    """The strings of a list of nodes, such as the parts of a qualified name."""
    return [item.string.sval for item in items if item.WhichOneof("node") == "string"]


def qualified(relation: Node) -> str:
    """A table's name as it was written, with its schema if it has one."""
    return ".".join(part for part in (relation.schemaname, relation.relname) if part)


def named(wrapped: Node) -> list[str]:
    """The parts of an object's name in DROP and COMMENT, whatever form it has."""
    kind, node = unwrap(wrapped)
    if kind == "string":
        return [node.sval]
    if kind == "list":
        return texts(node.items)
    if kind == "type_name":
        return texts(node.names)
    return texts(node.objname) if kind == "object_with_args" else []


def option(elements: Iterable[Node], name: str) -> Node | None:
    """The option of that name (`concurrently`, `language`), None if it is not given."""
    found = [one.def_elem for one in elements if one.def_elem.defname == name]
    return found[-1] if found else None


def called(function: Node) -> str:
    """The name of a called function, without its schema."""
    return (texts(function.funcname) or [""])[-1].lower()


def enum_name(message: Node, field: str) -> str:
    """The name of an enum's value: AT_DropColumn, OBJECT_TABLE."""
    described = message.DESCRIPTOR.fields_by_name[field]
    return str(described.enum_type.values_by_number[getattr(message, field)].name)
