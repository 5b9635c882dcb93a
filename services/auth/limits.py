"""How often one network and one address may ask, before Auth's own limits, which all share."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from db.auth import AuthWindow, AuthWindows
from db.store.reach import DatabaseUnavailable
from db.users.signups import SignUpIntentRow
from services.auth.calls import TOO_MANY, UNCOUNTED, Action, AuthRefused
from services.ports import Clock

FIVE_MINUTES = timedelta(minutes=5)
HOUR = timedelta(hours=1)
# A few seconds: so long a restarting database needs.
SOON = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Allowance:
    """`most` within `period`."""

    most: int
    period: timedelta


# Of one network, as many as one whole Supabase project allows its one caller (its bucket has 30).
BY_NETWORK: Mapping[str, Allowance] = {
    "sign_up": Allowance(30, FIVE_MINUTES),
    "password": Allowance(60, FIVE_MINUTES),
    "session": Allowance(600, FIVE_MINUTES),
}
# Of one address: what sends e-mails to it, and what tries its password.
BY_ADDRESS: Mapping[str, Allowance] = {
    "sign_up": Allowance(10, HOUR),
    "password": Allowance(30, FIVE_MINUTES),
}
# Without the window nothing leaves that sends e-mails or makes users.
STRICT = "sign_up"
KINDS: Mapping[Action, str] = {
    Action.SIGN_UP: "sign_up",
    Action.RECOVER: "sign_up",
    Action.RESEND: "sign_up",
    Action.VERIFY: "password",
}


class AuthLimits:
    """Counts in PostgreSQL, exactly over all processes."""

    def __init__(self, windows: AuthWindows, clock: Clock) -> None:
        self._windows = windows
        self._clock = clock

    async def take(self, action: Action, network: str, email: str, *, password: bool) -> str:
        """Count one request; of a sign-up the intent that is kept with it, else "".

        Raises AuthRefused 429 above the limits: nothing is counted or kept then. While the database
        is away sign-ups are refused with 503; those who have an account still come in.
        """
        kind = "password" if password else KINDS.get(action, "session")
        asked = [_window(f"{kind} from", network, BY_NETWORK[kind])]
        if email and kind in BY_ADDRESS:
            asked.append(_window(f"{kind} of", email.strip().lower(), BY_ADDRESS[kind]))
        intent = None
        if action is Action.SIGN_UP and email:
            intent = SignUpIntentRow(email=email.strip().lower(), created_at=self._clock())
        try:
            wait = await self._windows.take(asked, signing_up=intent)
        except DatabaseUnavailable as error:
            if kind != STRICT:
                return ""
            raise AuthRefused(503, "unexpected_failure", UNCOUNTED, retry_after=SOON) from error
        if wait > timedelta(0):
            seconds = max(1, round(wait.total_seconds()))
            code = "over_request_rate_limit"
            raise AuthRefused(429, code, TOO_MANY, retry_after=wait, seconds=seconds)
        return intent.id if intent else ""


def _window(of: str, whose: str, allowed: Allowance) -> AuthWindow:
    """Named by a digest: a window is no list of addresses."""
    return AuthWindow(sha256(f"{of} {whose}".encode()).digest(), allowed.most, allowed.period)
