"""Addresses of pages with their filters: what is filtered, sorted and paged is in the address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Address:
    """A page and its query; what is "" is not in it."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A value of the query; "" for none."""
        return self.query.get(name, "")

    def href(self, **changes: str) -> str:
        """The address with these values instead; "" takes one out."""
        asked = {name: value for name, value in {**self.query, **changes}.items() if value}
        return f"{self.path}?{urlencode(asked)}" if asked else self.path

    def other(self, path: str) -> str:
        """Another path with the same filters, as an export has."""
        return Address(path, self.query).href(after="")

    def elsewhere(self, path: str) -> str:
        """Another path with the same filters and place, as a list's stream has."""
        return Address(path, self.query).href()

    @property
    def filtered(self) -> bool:
        """Whether anything is filtered."""
        return any(value for name, value in self.query.items() if name not in ("after", "sort"))
