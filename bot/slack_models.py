"""slack_sdk's own checks of what is drawn, looked up once per class instead of once per object."""

from functools import cache

from slack_sdk.models.basic_objects import JsonObject


def quicken() -> None:
    """Make slack_sdk check its models quickly; what is checked stays the same.

    It goes through every attribute of every object of a view to find the checks among them:
    several milliseconds per modal, in which the event loop answers nobody. The method is
    replaced, so slack_sdk is pinned, and a test compares both ways for all its models.
    """
    # Replacing a method is the point here.
    JsonObject.validate_json = _validate  # type: ignore[method-assign]


@cache
def checks(kind: type[JsonObject]) -> tuple[str, ...]:
    """Names of the methods that check an object of this class."""
    names = (name for name in dir(kind) if not name.startswith("__"))
    return tuple(name for name in names if hasattr(getattr(kind, name), "validator"))


def _validate(self: JsonObject) -> None:
    for name in checks(type(self)):
        getattr(self, name)()
