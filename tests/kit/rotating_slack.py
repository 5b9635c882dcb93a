"""Slack as a keeper of lapsing tokens: one pair per installation, old refresh tokens refused."""

from dataclasses import dataclass, field
from typing import Any

LIFE_SECONDS = 43_200
CLIENT = {"client_id": "1.2", "client_secret": "a-secret"}


@dataclass
class RotatingSlack:
    """The token that works, and the refresh token that is good; every refresh is counted."""

    access: str
    refresh: str
    refreshes: list[str] = field(default_factory=list)
    # What is told of the older tokens.
    word: str = "token_expired"

    def oauth(self, given: dict[str, Any]) -> dict[str, Any]:
        """oauth.v2.access with a refresh token, which is good once."""
        if given.get("grant_type") != "refresh_token" or given["refresh_token"] != self.refresh:
            return {"ok": False, "error": "invalid_refresh_token"}
        self.refreshes.append(given["refresh_token"])
        number = len(self.refreshes)
        self.access, self.refresh = f"xoxe.xoxb-{number}", f"xoxe-1-{number}"
        return {
            "access_token": self.access,
            "refresh_token": self.refresh,
            "expires_in": LIFE_SECONDS,
        }

    def speak(self, given: dict[str, Any]) -> dict[str, Any]:
        """Any method that takes a bot token."""
        if given["bearer"] != self.access:
            return {"ok": False, "error": self.word}
        return {"channel": "D1", "ts": "1.1"}
