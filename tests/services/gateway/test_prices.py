"""What calls cost: whole micro-dollars, rounded up once, from a table that names its version."""

import pytest

from integrations.providers.types import PROVIDERS, Usage
from services.gateway.prices import read_prices, tokens_of

PRICES = read_prices()


@pytest.mark.parametrize(
    ("model", "usage", "micro"),
    [
        ("gpt-5.4-mini", Usage(1_000_000, 0), 750_000),
        ("gpt-5.4-mini", Usage(1_000_000, 0, cached_tokens=1_000_000), 75_000),
        ("gpt-5.4-mini", Usage(0, 1), 5),
        ("gpt-5.4-mini", Usage(0, 0), 0),
        ("claude-sonnet-5-5", Usage(300, 0, cached_tokens=100, cache_write_tokens=100), 470),
        ("claude-haiku-5-5", Usage(100_000, 0), 10_000),
        ("claude-haiku-5-5", Usage(100_001, 0), 50_001),
        ("deepseek-v4-pro", Usage(1_000, 1_000), 5_280),
        ("nobody-knows", Usage(1_000, 1_000), 0),
    ],
)
def test_a_call_costs_whole_micro_dollars(model: str, usage: Usage, micro: int) -> None:
    assert PRICES.cost(model, usage) == micro


def test_more_cached_than_read_never_costs_less_than_nothing() -> None:
    assert PRICES.cost("gpt-5.4-mini", Usage(0, 0, cached_tokens=10)) == 1


def test_every_model_has_a_provider_and_a_price() -> None:
    assert PRICES.version
    assert {row.provider for row in PRICES.models.values()} == set(PROVIDERS)
    for name in PRICES.models:
        assert PRICES.cost(name, Usage(1_000_000, 1_000_000)) > 0


def test_a_guess_is_a_token_for_four_bytes() -> None:
    assert [tokens_of(size) for size in (0, 1, 4, 5)] == [0, 1, 1, 2]
