"""A mail server on this machine: strict about who sends what, and nobody's mail leaves it."""

import asyncio
import logging
import re
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from integrations.sandbox.kit.faults import Fault, Faults
from integrations.sandbox.kit.journal import Exchange, Journal
from integrations.sandbox.kit.wire import NEVER
from integrations.sandbox.smtp.mail import Mail, complaint_about, part_of

HOST = "127.0.0.1"
ACCOUNT = ("seguito", "smtp-sandbox-password")
# From addresses of this domain are verified with the provider; all others are refused.
VERIFIED = "seguito.example"
SENDER = f"Seguito <licenses@{VERIFIED}>"
# Mailboxes of this domain do not exist.
BOUNCING = "bounce.example"
LARGEST = 10 * 1024 * 1024  # bytes

_ADDRESS = re.compile(r"[^@\s<>]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")

OK = "250 2.0.0 Ok: queued as {n}"
TEMPORARY = "451 4.3.0 The sandbox was told to answer 451, try again later"
PERMANENT = "550 5.1.1 The sandbox was told to answer 550"


class MailServer:
    """Listens while the sandbox runs; `close` and `open` play a server that is away."""

    def __init__(self, journal: Journal, faults: Faults, changed: Callable[[], None]) -> None:
        self._journal, self._faults, self._changed = journal, faults, changed
        self._server: asyncio.Server | None = None
        self._transports: set[asyncio.BaseTransport] = set()
        self.port = 0
        self.mails: list[Mail] = []

    @property
    def url(self) -> str:
        """SMTP_URL, with the account in it."""
        user, password = ACCOUNT
        return f"smtp://{user}:{password}@{HOST}:{self.port}"

    async def open(self) -> None:
        """Begin to listen; on the same port when it did before."""
        # The library logs of passwords without TLS; these never leave the machine.
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, HOST, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop listening; whoever is connected is cut off."""
        if self._server is None:
            return
        self._server.close()
        for transport in tuple(self._transports):
            transport.close()
        self._server = None

    def to(self, address: str) -> list[Mail]:
        """What this address got, oldest first."""
        return [mail for mail in self.mails if address.lower() in map(str.lower, mail.recipients)]

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        """Called by aiosmtpd."""
        given = ("", "")
        if isinstance(data, LoginPassword):
            given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == ACCOUNT, handled=False)

    async def mail_from(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """MAIL FROM: only a verified sender."""
        if not _ADDRESS.fullmatch(address) or not address.lower().endswith(f"@{VERIFIED}"):
            return f"553 5.7.1 Sender is not verified: use an address of {VERIFIED}"
        envelope.mail_from = address
        return "250 2.1.0 Ok"

    async def rcpt_to(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """RCPT TO: an address of a domain that takes mail."""
        if not _ADDRESS.fullmatch(address):
            return "501 5.1.3 Bad recipient address syntax"
        if address.lower().endswith(f"@{BOUNCING}"):
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def data(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """DATA: kept, unless the message is not sound or a fault says otherwise."""
        begun = time.perf_counter()
        fault = self._faults.take("smtp", "send")
        raw = envelope.original_content or b""
        message = message_from_bytes(raw, policy=policy.default)
        reply = await self._judged(envelope, message, fault)
        lost = fault is not None and fault.kind in ("lost_reply", "cut", "timeout")
        elapsed = (time.perf_counter() - begun) * 1000
        status = 0 if lost else int(reply[:3])
        self._write_down(envelope, message, status, elapsed, fault)
        if fault is not None and fault.kind in ("lost_reply", "cut") and server.transport:
            server.transport.close()
        return reply

    async def _judged(self, envelope: Envelope, message: EmailMessage, fault: Fault | None) -> str:
        kind = fault.kind if fault else ""
        if kind == "temporary":
            return TEMPORARY
        if kind == "permanent":
            return PERMANENT
        if fault is not None and kind == "status":
            return f"{fault.status} The sandbox was told to answer {fault.status}"
        if fault is not None and kind in ("slow", "timeout"):
            await asyncio.sleep(NEVER if kind == "timeout" else fault.seconds)
        complaint = complaint_about(envelope, message)
        if complaint:
            return f"554 5.6.0 {complaint}"
        return OK.format(n=self._keep(envelope, message))

    def _keep(self, envelope: Envelope, message: EmailMessage) -> int:
        number = len(self.mails) + 1
        recipients = tuple(envelope.rcpt_tos)
        self.mails.append(
            Mail(number, datetime.now(UTC), envelope.mail_from or "", recipients, message)
        )
        self._changed()
        return number

    def _write_down(
        self,
        envelope: Envelope,
        message: EmailMessage,
        status: int,
        ms: float,
        fault: Fault | None,
    ) -> None:
        mask = self._journal.mask
        headers = {name: mask.body(str(value)) for name, value in message.items()}
        body = {
            "from": envelope.mail_from,
            "to": list(envelope.rcpt_tos),
            "headers": headers,
            "text": mask.body(part_of(message, "plain")),
        }
        self._journal.record(
            Exchange(
                direction="in",
                vendor="smtp",
                method="SEND",
                path=f"/{envelope.rcpt_tos[0]}",
                status=status,
                ms=ms,
                request={"operation": "send", "body": body},
                response={"fault": fault.kind if fault else None},
            )
        )

    def _protocol(self) -> SMTP:
        hooks = SimpleNamespace(
            handle_MAIL=self.mail_from, handle_RCPT=self.rcpt_to, handle_DATA=self.data
        )
        with warnings.catch_warnings():
            # It warns of them as well.
            warnings.simplefilter("ignore")
            return _Connection(
                hooks,
                self._transports,
                hostname=HOST,
                ident="Seguito sandbox",
                data_size_limit=LARGEST,
                auth_required=True,
                auth_require_tls=False,
                authenticator=self.authenticate,
                loop=asyncio.get_running_loop(),
            )


class _Connection(SMTP):
    """A connection that can be found again when the server closes."""

    def __init__(
        self, hooks: SimpleNamespace, transports: set[asyncio.BaseTransport], **options: Any
    ) -> None:
        super().__init__(hooks, **options)
        self._open = transports

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._open.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.transport is not None:
            self._open.discard(self.transport)
        super().connection_lost(error)
