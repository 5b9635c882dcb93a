"""The tokens an install brought: for a workspace or an organisation, lapsing where that is on.

https://docs.slack.dev/authentication/using-token-rotation: an access token lives twelve hours, a
refresh token is good once, with a short grace, and at most two access tokens are active.
"""

import secrets
from dataclasses import dataclass, field

from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.rules import Rules

LIFE_SECONDS = 43_200
MOST_ACTIVE = 2


@dataclass(slots=True)
class Grant:
    """What one install allows; `key` is the workspace's id, or the organisation's."""

    key: str
    rotates: bool
    # Active access tokens, oldest first, with the time each lapses; 0 never.
    access: dict[str, float] = field(default_factory=dict)
    refresh: str = ""
    # The refresh token before this one, and until when Slack still takes it.
    former: tuple[str, float] = ("", 0.0)


class Grants:
    """Issues, renews, judges and revokes."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._grants: dict[str, Grant] = {}
        self._gone: set[str] = set()

    def issue(self, key: str, token: str, *, lasting: bool = False) -> Grant:
        """A grant in the place of an earlier one; `token` is used where tokens do not lapse."""
        self.revoke(key)
        rotates = self._rules.rotate_tokens and not lasting
        grant = self._grants[key] = Grant(key, rotates)
        if grant.rotates:
            self._renew(grant)
        else:
            self._gone.discard(token)
            grant.access[token] = 0.0
        return grant

    def renew(self, refresh: str) -> Grant:
        """A new pair for a refresh token. SlackError invalid_refresh_token."""
        now = self._rules.now()
        for grant in self._grants.values():
            former, until = grant.former
            if refresh and (refresh == grant.refresh or (refresh == former and now < until)):
                self._renew(grant)
                return grant
        raise SlackError("invalid_refresh_token")

    def judge(self, token: str) -> str | None:
        """Whose it is; None for a token of no grant. SlackError token_expired, token_revoked."""
        if token in self._gone:
            raise SlackError("account_inactive")
        for grant in self._grants.values():
            if token in grant.access:
                until = grant.access[token]
                if until and self._rules.now() >= until:
                    raise SlackError("token_expired")
                return grant.key
        return None

    def expire(self, key: str) -> None:
        """Let the grant's access tokens lapse now, as after twelve hours."""
        grant = self._grants[key]
        grant.access = dict.fromkeys(grant.access, self._rules.now())

    def revoke(self, key: str) -> None:
        """The app was removed, or installed again: every token of it is dead."""
        if (grant := self._grants.pop(key, None)) is not None:
            self._gone |= set(grant.access)

    def of(self, key: str) -> Grant | None:
        """What was granted there."""
        return self._grants.get(key)

    def _renew(self, grant: Grant) -> None:
        now = self._rules.now()
        grant.former = (grant.refresh, now + self._rules.refresh_grace_seconds)
        grant.refresh = f"xoxe-1-{secrets.token_urlsafe(24)}"
        grant.access[f"xoxe.xoxb-1-{secrets.token_urlsafe(24)}"] = now + LIFE_SECONDS
        while len(grant.access) > MOST_ACTIVE:
            oldest = next(iter(grant.access))
            del grant.access[oldest]
            self._gone.add(oldest)
