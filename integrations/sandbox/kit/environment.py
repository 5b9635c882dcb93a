"""The settings with which the product talks to this sandbox instead of the real vendors."""

from collections.abc import Iterable

from integrations.sandbox.kit.plugin import Vendor


def environment(vendors: Iterable[Vendor], origin: str) -> dict[str, object]:
    """Every vendor's settings; `_seed` is for `python -m bot seed`: what was set up beforehand."""
    told: dict[str, object] = {}
    seed: dict[str, object] = {}
    for vendor in vendors:
        told.update(vendor.environment(origin))
        seed.update(vendor.seed())
    return {**told, "_seed": seed}
