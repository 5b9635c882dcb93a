"""Arguments of a command by name: `credits=100`, wherever they stand, beside those by place."""

import pytest

from handlers.slack.users import SCHEMA
from services.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("ada@example.com", ("ada@example.com", "", "")),
        ("ada@example.com 100 10", ("ada@example.com", "100", "10")),
        ("ada@example.com credits=100 limit=10", ("ada@example.com", "100", "10")),
        ("LIMIT=10 ada@example.com", ("ada@example.com", "", "10")),
        ("limit=10 ada@example.com 7", ("ada@example.com", "7", "10")),
        ("email=ada@example.com", ("ada@example.com", "", "")),
        ("a=b@example.com", ("a=b@example.com", "", "")),
    ],
)
def test_a_named_value_goes_where_its_name_says(typed: str, values: tuple[str, ...]) -> None:
    assert tuple(SCHEMA.parse(typed).values.values()) == values


@pytest.mark.parametrize("typed", ["limit=10", "a@example.com 1 2 3", "a@b.example 1 limit=2 3"])
def test_what_is_missing_or_too_much_is_said(typed: str) -> None:
    with pytest.raises(Invalid):
        SCHEMA.parse(typed)
