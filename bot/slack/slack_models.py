"""slack_sdk's own checks of what is drawn, looked up once per class instead of once per object."""

from functools import cache

from slack_sdk.models.basic_objects import EMPTY_ALLOWED_TYPE_AND_PROPERTY_LIST, JsonObject

MAY_BE_EMPTY = frozenset(
    (one["type"], one["property"]) for one in EMPTY_ALLOWED_TYPE_AND_PROPERTY_LIST
)


def patch_slack_models() -> None:
    """Make slack_sdk check its models quickly; what is checked stays the same.

    It goes through every attribute of every object of a view to find the checks among them:
    several milliseconds per modal, in which the event loop answers nobody. The method is
    replaced, so slack_sdk is pinned, and a test compares both ways for all its models.
    """
    # Replacing methods is the point here.
    JsonObject.validate_json = _validate  # type: ignore[method-assign]
    # It also walks again, on every level, through what the level below has made plain already.
    JsonObject.get_non_null_attributes = _shape  # type: ignore[method-assign]


@cache
def checks(kind: type[JsonObject]) -> tuple[str, ...]:
    """Names of the methods that check an object of this class."""
    names = (name for name in dir(kind) if not name.startswith("__"))
    return tuple(name for name in names if hasattr(getattr(kind, name), "validator"))


def _validate(self: JsonObject) -> None:
    for name in checks(type(self)):
        getattr(self, name)()


def _shape(self: JsonObject) -> dict[str, object]:
    shape: dict[str, object] = {}
    for key in sorted(self.attributes):
        value = self.get_object_attribute(key)
        if value is None or (_is_empty(value) and not _may_be_empty(self, key)):
            continue
        shape[key] = _plain(value)
    return shape


def _is_empty(value: object) -> bool:
    return hasattr(value, "__len__") and len(value) == 0


def _may_be_empty(model: JsonObject, key: str) -> bool:
    return (getattr(model, "type", None), key) in MAY_BE_EMPTY


def _plain(value: object) -> object:
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, JsonObject):
        return value.to_dict()
    to_dict = getattr(value, "to_dict", None)
    if callable(to_dict):
        return {key: _plain(one) for key, one in to_dict().items()}
    return value
