"""What a vendor's failure becomes: a whole sentence for the person, its own words for the log."""

from datetime import timedelta

import pytest

from integrations.errors import (
    AuthExpired,
    IntegrationError,
    RateLimited,
    RefusedByVendor,
    Unreachable,
)
from services.errors import DomainError, translate_vendor_errors, vendors_words
from services.phrases import LANGUAGES

FAILURES = (
    Unreachable("fathom", "ConnectError"),
    RateLimited("fathom", timedelta(seconds=7)),
    AuthExpired("fathom", "401"),
    RefusedByVendor("fathom", "not_found"),
    IntegrationError("fathom"),
)


def told(failure: IntegrationError) -> DomainError:
    """The failure in our words."""
    with pytest.raises(DomainError) as caught, translate_vendor_errors("Fathom"):
        raise failure
    return caught.value


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_failure_names_the_vendor_and_leaves_no_gap(
    failure: IntegrationError, language: str
) -> None:
    sentence = told(failure).sentence(language)
    assert "Fathom" in sentence
    assert "{" not in sentence


def test_the_log_gets_the_vendors_words_and_no_others() -> None:
    assert vendors_words(told(FAILURES[0])) == "fathom: ConnectError"
    assert vendors_words(ValueError("somebody's words")) == ""
