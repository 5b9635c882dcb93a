"""Draws .env.example from bot.settings.Settings: `python tests/architecture/env_example.py`."""

import sys
import textwrap
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / ".env.example"
WIDTH = 98
HEAD = """\
# Every setting of Seguito, drawn from bot/settings.py; a test keeps both equal.
# A line that is commented out shows the default. `make sandbox` needs none of them.
"""


def settings() -> type[BaseSettings]:
    """The product's settings, found late: a checkout must be in the path when run as a script."""
    sys.path.insert(0, str(ROOT))
    from bot.settings import Settings  # noqa: PLC0415 - the line above must come first

    return Settings


def names() -> set[str]:
    """Every environment variable the product reads."""
    return {variable(name, info) for name, info in settings().model_fields.items()}


def variable(name: str, info: FieldInfo) -> str:
    """The environment variable of a field."""
    alias = info.validation_alias
    return alias if isinstance(alias, str) else name.upper()


def draw(model: type[BaseSettings]) -> str:
    """The whole page: each setting with its meaning, those of one vendor together."""
    return HEAD + "".join(_lines(model))


def _lines(model: type[BaseSettings]) -> Iterator[str]:
    variables = {variable(name, info): info for name, info in model.model_fields.items()}
    sizes = Counter(env.split("_")[0] for env in variables)
    group = None
    for env, info in variables.items():
        first = env.split("_")[0]
        # A vendor has several settings; the others stand together.
        if group != (group := first if sizes[first] > 1 else ""):
            yield "\n"
        for line in textwrap.wrap(info.description or "", WIDTH):
            yield f"# {line}\n"
        yield f"{env}=\n" if info.is_required() else f"#{env}={_shown(info)}\n"


def _shown(info: FieldInfo) -> str:
    """A default as one would write it in the environment; secrets and absent ones are empty."""
    value = info.get_default(call_default_factory=True)
    if value in (None, PydanticUndefined) or isinstance(value, SecretStr):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, timedelta):
        return str(int(value.total_seconds()))
    if isinstance(value, tuple | list | set | frozenset):
        return ",".join(map(str, value))
    return str(value)


if __name__ == "__main__":
    FILE.write_text(draw(settings()), encoding="utf-8")
