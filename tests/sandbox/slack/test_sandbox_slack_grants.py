"""Tokens of the imitated Slack lapse, are renewed once, with a grace, and die with the app."""

from dataclasses import dataclass

import pytest

from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.grants import LIFE_SECONDS, Grant, Grants
from integrations.sandbox.slack.rules import Rules

TEAM = "T0BRIGHT"


@dataclass
class Watch:
    """Seconds, set by hand."""

    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


def granted() -> tuple[Grants, Grant, Watch]:
    """A workspace whose tokens lapse."""
    watch = Watch()
    grants = Grants(Rules(rotate_tokens=True, now=watch))
    return grants, grants.issue(TEAM, "xoxb-unused"), watch


def newest(grant: Grant) -> str:
    return list(grant.access)[-1]


def test_a_token_lapses_after_twelve_hours() -> None:
    grants, grant, watch = granted()
    assert grants.judge(newest(grant)) == TEAM
    watch.now += LIFE_SECONDS
    with pytest.raises(SlackError, match="token_expired"):
        grants.judge(newest(grant))


def test_a_refresh_token_is_good_once_with_a_short_grace() -> None:
    grants, grant, watch = granted()
    first = grant.refresh
    grants.renew(first)
    grants.renew(first)
    watch.now += 61
    with pytest.raises(SlackError, match="invalid_refresh_token"):
        grants.renew(first)


def test_at_most_two_access_tokens_are_active() -> None:
    grants, grant, _ = granted()
    oldest = newest(grant)
    for _ in range(2):
        grants.renew(grant.refresh)
    assert len(grant.access) == 2
    with pytest.raises(SlackError):
        grants.judge(oldest)


def test_tokens_die_with_the_app() -> None:
    grants, grant, _ = granted()
    token, refresh = newest(grant), grant.refresh
    grants.revoke(TEAM)
    with pytest.raises(SlackError, match="account_inactive"):
        grants.judge(token)
    with pytest.raises(SlackError, match="invalid_refresh_token"):
        grants.renew(refresh)
