"""Where the mail server is and how one signs in there, read from SMTP_URL."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from integrations.http import is_loopback

SUBMISSION = 587
SUBMISSIONS = 465
EXPECTED = "must be smtp://user:password@host:587 or smtps://…:465"


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server; `tls` is from the first byte on, else by STARTTLS.

    With a password TLS is a must, unless the server is on this machine: whoever hides STARTTLS
    from us would read it.
    """

    host: str
    port: int
    tls: bool
    username: str = ""
    password: str = field(default="", repr=False)

    @property
    def start_tls(self) -> bool | None:
        """Whether STARTTLS is asked for: True insists, None takes what is offered."""
        if self.tls:
            return False
        away = not is_loopback(f"smtp://{self.host}")
        return True if self.username and away else None


def read_server(url: str) -> Server:
    """`smtp://user:password@host:587` or `smtps://…:465`; raises ValueError, without the URL."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        # Its text may name a part of the password.
        raise ValueError(EXPECTED) from None
    if parts.scheme not in ("smtp", "smtps") or not host:
        raise ValueError(EXPECTED)
    tls = parts.scheme == "smtps"
    return Server(
        host=host,
        port=port or (SUBMISSIONS if tls else SUBMISSION),
        tls=tls,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )
