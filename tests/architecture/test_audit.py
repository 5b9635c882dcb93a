"""What can be known of our dependencies without a network: bounds, conflicts, who gave up.

Whether a version was withdrawn only an index knows: `make lock` resolves against one.
"""

from collections.abc import Iterator
from importlib.metadata import Distribution, distribution

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from test_house import locked, required

INACTIVE = "Development Status :: 7 - Inactive"
LOCKED = locked("requirements-dev.lock")


def installed() -> Iterator[Distribution]:
    """Of what the lock names, what this machine needs: markers leave some out."""
    wanted = [need for need in required("dev", "sandbox") if applies(need)]
    met: dict[str, Distribution] = {}
    while wanted:
        need = wanted.pop()
        if need.name.lower() not in met:
            found = met[need.name.lower()] = distribution(need.name)
            wanted += [one for one in needs(found) if applies(one, *need.extras)]
    return iter(met.values())


def needs(package: Distribution) -> list[Requirement]:
    """What the package asks for."""
    return [Requirement(line) for line in package.requires or ()]


def applies(need: Requirement, *extras: str) -> bool:
    """Whether this machine, with these extras, needs it."""
    environment = {**default_environment()}
    marker = need.marker
    return marker is None or any(
        marker.evaluate({**environment, "extra": extra}) for extra in ("", *extras)
    )


@pytest.mark.parametrize("need", [*required("dev", "sandbox")], ids=str)
def test_every_requirement_says_from_which_version_on(need: Requirement) -> None:
    assert {"==", ">=", "~="} & {bound.operator for bound in need.specifier}


def test_what_is_installed_is_locked_and_wants_nothing_else() -> None:
    for package in installed():
        name = package.name.lower().replace("_", "-").replace(".", "-")
        assert LOCKED[name] == package.version
        for need in filter(applies, needs(package)):
            assert need.specifier.contains(distribution(need.name).version, prereleases=True), (
                f"{package.name} needs {need}"
            )


def test_no_package_has_given_up() -> None:
    for package in installed():
        assert INACTIVE not in (package.metadata.get_all("Classifier") or ()), package.name
