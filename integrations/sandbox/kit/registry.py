"""Finds the imitated vendors: whoever adds one adds a folder and nothing else."""

import pkgutil
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from integrations.sandbox.kit.plugin import Vendor
from integrations.sandbox.kit.stage import Stage

VendorFactory = Callable[[Stage], Sequence[Vendor]]
MODULE = "vendor"


def discover(package: ModuleType) -> tuple[VendorFactory, ...]:
    """The `vendors` of every folder of the package that has a module `vendor`, by their names."""
    folders = (found.name for found in pkgutil.iter_modules(package.__path__) if found.ispkg)
    modules = (f"{package.__name__}.{name}.{MODULE}" for name in folders)
    return tuple(import_module(name).vendors for name in modules if find_spec(name))


def make(stage: Stage, factories: Sequence[VendorFactory]) -> tuple[Vendor, ...]:
    """All vendors in the order of their places, their kinds and masks learnt."""
    made = sorted((one for make in factories for one in make(stage)), key=lambda one: one.place)
    for vendor in made:
        stage.faults.learn(vendor.fault_kinds)
        stage.journal.mask.learn(
            open_headers=vendor.open_headers, secret_fields=vendor.secret_fields
        )
    return tuple(made)
