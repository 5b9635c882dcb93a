"""What a call costs us: integer micro-dollars from a versioned table, rounded up once per call."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from integrations.providers.types import Usage

TABLE = Path(__file__).with_name("prices.toml")
MILLION = 1_000_000
BYTES_PER_TOKEN = 4


@dataclass(frozen=True, slots=True)
class Price:
    """Micro-dollars per million tokens: fresh input, cached input, input that is kept, output."""

    input: int
    cached: int
    cache_write: int
    output: int

    def cost(self, usage: Usage) -> int:
        """Micro-dollars of these tokens, a started one counted as whole."""
        fresh = max(0, usage.input_tokens - usage.cached_tokens - usage.cache_write_tokens)
        parts = (
            fresh * self.input
            + usage.cached_tokens * self.cached
            + usage.cache_write_tokens * self.cache_write
            + usage.output_tokens * self.output
        )
        return -(-parts // MILLION)


@dataclass(frozen=True, slots=True)
class ModelPrice:
    """A model: whose it is, and what it costs; above so many tokens of input it costs `more`."""

    provider: str
    price: Price
    above: int | None = None
    more: Price | None = None

    def cost(self, usage: Usage) -> int:
        """Micro-dollars of one call."""
        if self.more is not None and self.above is not None and usage.input_tokens > self.above:
            return self.more.cost(usage)
        return self.price.cost(usage)


@dataclass(frozen=True, slots=True)
class Prices:
    """One version of the table; a model that is not in it cannot be asked."""

    version: str
    models: Mapping[str, ModelPrice]

    def provider(self, model: str) -> str:
        """Whose model it is; "" when nobody's we know."""
        known = self.models.get(model)
        return known.provider if known else ""

    def cost(self, model: str, usage: Usage) -> int:
        """Micro-dollars of one call; 0 for a model without price."""
        known = self.models.get(model)
        return known.cost(usage) if known else 0

    def most(self, model: str, *, size: int, max_tokens: int) -> int:
        """What a call of `size` bytes may cost at most, for the hold; also a guess at its input."""
        return self.cost(model, Usage(tokens_of(size), max_tokens))


def tokens_of(size: int) -> int:
    """How many tokens so many bytes of text probably are: four bytes each, rounded up."""
    return -(-size // BYTES_PER_TOKEN)


def read_prices(path: Path = TABLE) -> Prices:
    """The table as it is written; raises KeyError or TypeError when a number is missing."""
    table = tomllib.loads(path.read_text("utf-8"))
    return Prices(table["version"], {name: _model(row) for name, row in table["models"].items()})


def _model(row: Mapping[str, int | str]) -> ModelPrice:
    more = _price(row, "above_") if "above" in row else None
    above = int(row["above"]) if more else None
    return ModelPrice(str(row["provider"]), _price(row, ""), above, more)


def _price(row: Mapping[str, int | str], prefix: str) -> Price:
    fresh = int(row[f"{prefix}input"])
    return Price(
        input=fresh,
        cached=int(row[f"{prefix}cached"]),
        cache_write=int(row.get(f"{prefix}cache_write", fresh)),
        output=int(row[f"{prefix}output"]),
    )
