"""Vendors' texts reach our tables: without what PostgreSQL takes in no text."""

from integrations.json_fields import text


def test_a_title_with_a_nul_loses_it_and_nothing_else() -> None:
    assert text({"title": " Ca\0ll "}, "title") == "Call"
    assert text({"title": "\0", "other": "x"}, "title", "other") == "x"
