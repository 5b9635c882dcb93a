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
# Every setting of Seguito, drawn from bot/settings; a test keeps both equal.
# A line that is commented out shows the default; the others must be set to run it for real.
# `make sandbox` needs none of them. `python -m bot doctor` tries what is set.
"""


def settings() -> type[BaseSettings]:
    """The product's settings, found late: a checkout must be in the path when run as a script."""
    sys.path.insert(0, str(ROOT))
    from bot.settings.settings import Settings  # noqa: PLC0415 - the line above must come first

    return Settings


def required() -> frozenset[str]:
    """The fields without which the product does not run on a database of its own."""
    sys.path.insert(0, str(ROOT))
    from bot.settings.settings import OWN_DATABASE, SLACK  # noqa: PLC0415 - the line above must come first

    return frozenset({"database_url", *OWN_DATABASE, *SLACK})


def names() -> set[str]:
    """Every environment variable the product reads."""
    return {variable(name, info) for name, info in settings().model_fields.items()}


def variable(name: str, info: FieldInfo) -> str:
    """The environment variable of a field."""
    alias = info.validation_alias
    return alias if isinstance(alias, str) else name.upper()


def draw(model: type[BaseSettings], needed: frozenset[str]) -> str:
    """The whole page: each setting with its meaning, those of one vendor together."""
    return HEAD + "".join(_lines(model, needed))


def _lines(model: type[BaseSettings], needed: frozenset[str]) -> Iterator[str]:
    variables = {variable(name, info): info for name, info in model.model_fields.items()}
    sizes = Counter(env.split("_")[0] for env in variables)
    group = None
    for env, info in variables.items():
        first = env.split("_")[0]
        # A vendor has several settings; the others stand together.
        if group != (group := first if sizes[first] > 1 else ""):
            yield "\n"
        is_needed = env.lower() in needed
        meaning = f"{'Required. ' if is_needed else ''}{info.description or ''}"
        for line in textwrap.wrap(meaning, WIDTH):
            yield f"# {line}\n"
        yield f"{env}=\n" if is_needed else f"#{env}={_shown(info)}\n"


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
    FILE.write_text(draw(settings(), required()), encoding="utf-8")
