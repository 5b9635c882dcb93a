"""The four ways in which a vendor fails us; each vendor's errors.py maps its failures to them.

IntegrationError
├── Unreachable   no usable answer; trying again later may help
├── RateLimited   too many calls; try again after `retry_after`
├── AuthExpired   the key or grant is not accepted any more; only its owner can help
└── Refused       understood and declined; `code` says why, trying again does not help
"""

from datetime import timedelta


class IntegrationError(Exception):
    """A vendor did not do what it was asked; `detail` is for our log, never for people."""

    def __init__(self, vendor: str, detail: str = "") -> None:
        super().__init__(vendor, detail)
        self.vendor = vendor
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.vendor}: {self.detail}" if self.detail else self.vendor


class Unreachable(IntegrationError):
    """No usable answer: connection, time-out, 5xx. What was asked for may have happened anyway."""


class RateLimited(IntegrationError):
    """Too many calls; nothing happened, and nothing will before `retry_after` has passed."""

    def __init__(self, vendor: str, retry_after: timedelta, detail: str = "") -> None:
        super().__init__(vendor, detail)
        self.args = (vendor, retry_after, detail)
        self.retry_after = retry_after


class AuthExpired(IntegrationError):
    """The key, token or grant is not accepted (any more)."""


class RefusedByVendor(IntegrationError):
    """The vendor understood and said no; `code` is the vendor's own word where it has one."""

    def __init__(self, vendor: str, code: str, detail: str = "") -> None:
        super().__init__(vendor, detail or code)
        self.args = (vendor, code, detail)
        self.code = code
