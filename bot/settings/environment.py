"""Reading the settings: all that is missing, malformed or too weak is told at once, with its cure.

What must be there depends on what else is: that is here. What a value must look like stands beside
it in its vendor's module.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from bot.settings.settings import OWN_DATABASE, BadSettings, Settings

MISSING = "not set"
# What a chosen provider of tenants' databases cannot do without.
PROVIDERS = {"supabase": ("supabase_access_token",), "postgres": ("tenant_cluster_url",)}


@dataclass(frozen=True, slots=True)
class Fault:
    """A setting by its field's name, and what is wrong with it and mends it."""

    name: str
    words: str

    def __str__(self) -> str:
        return f"{self.name.upper()}: {self.words}"


def load(needed: Iterable[str] = ()) -> Settings:
    """The settings, of which `needed` must be set; raises BadSettings, a line for each fault."""
    settings, faults = read()
    known = {fault.name for fault in faults}
    missing = [
        Fault(name, Settings.rule(name).cured(MISSING))
        for name in needed
        if name not in known and not settings.given(name)
    ]
    if faults or missing:
        raise BadSettings("\n".join(map(str, (*faults, *missing))))
    return settings


def read() -> tuple[Settings, tuple[Fault, ...]]:
    """The settings as far as they can be read, defaults in place of the others; and all faults."""
    try:
        settings, faults = Settings(), tuple[Fault, ...]()
    except ValidationError as error:
        faults = tuple(_faults(error))
        fields = Settings.model_fields
        settings = Settings(**{fault.name: fields[fault.name].default for fault in faults})
    known = {fault.name for fault in faults}
    return settings, (*faults, *(one for one in _absent(settings, known) if one.name not in known))


def _faults(error: ValidationError) -> Iterator[Fault]:
    for one in error.errors(include_input=False, include_url=False):
        yield Fault(str(one["loc"][0]), one["msg"].removeprefix("Value error, "))


def _absent(settings: Settings, known: set[str]) -> Iterator[Fault]:
    """What is not set and must be, because of something else that is."""
    if settings.given("database_url") or "database_url" in known:
        for name in OWN_DATABASE:
            if not settings.given(name):
                yield Fault(name, Settings.rule(name).cured("is needed with DATABASE_URL"))
    for one in PROVIDERS.get(settings.tenant_databases, ()):
        if not settings.given(one):
            yield Fault(one, Settings.rule(one).cured("is needed with TENANT_DATABASES"))
    for one in Settings.model_fields:
        other = Settings.rule(one).needs
        if other and settings.given(one) and not settings.given(other):
            yield Fault(other, Settings.rule(other).cured(f"is needed with {one.upper()}"))
