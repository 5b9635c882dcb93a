"""The one verb we need of SMTP: hand an e-mail over, and know whether that happened."""

from contextlib import suppress
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP

import aiosmtplib as smtp

from integrations.http import ClientOptions, observed
from integrations.smtp.errors import VENDOR, Unconfirmed, in_four_words, refused
from integrations.smtp.types import Server

DEADLINE = timedelta(seconds=20)
TAKEN = 250
GOOD_BYE_SECONDS = 2.0


class Mailer:
    """Hands e-mails to one server, each over a connection of its own."""

    def __init__(self, server: Server, options: ClientOptions | None = None) -> None:
        """`options.deadline` bounds each reply of the server, not the whole conversation."""
        self._server = server
        self._options = options or ClientOptions()

    async def send(self, message: EmailMessage, *, sender: str, to: str) -> None:
        """Return once the server has taken the message for `to` (bare ASCII addresses, both).

        Raises Unreachable (nothing was taken, trying again may help), AuthExpired, Refused (5xx),
        or Unconfirmed.
        """
        with observed(self._options.observe, VENDOR, "send") as outcome:
            with in_four_words():
                connection = self._connection(sender)
                await connection.connect()
            try:
                await _hand_over(connection, message, sender, to)
                outcome.status = TAKEN
                # The message is theirs now, whatever becomes of the good-bye.
                with suppress(smtp.SMTPException, OSError):
                    await connection.quit(timeout=GOOD_BYE_SECONDS)
            finally:
                connection.close()

    async def check(self, sender: str) -> None:
        """Return when the server lets us in; nothing is sent. Raises Unreachable or AuthExpired."""
        with observed(self._options.observe, VENDOR, "check"), in_four_words():
            connection = self._connection(sender)
            try:
                await connection.connect()
                await connection.quit()
            finally:
                connection.close()

    def _connection(self, sender: str) -> smtp.SMTP:
        deadline = self._options.deadline or DEADLINE
        return smtp.SMTP(
            hostname=self._server.host,
            port=self._server.port,
            username=self._server.username or None,
            password=self._server.password or None,
            use_tls=self._server.tls,
            start_tls=self._server.start_tls,
            timeout=deadline.total_seconds(),
            # Else the library asks the system for this machine's name, which may take seconds.
            local_hostname=sender.rpartition("@")[2] or "localhost",
        )


async def _hand_over(connection: smtp.SMTP, message: EmailMessage, sender: str, to: str) -> None:
    with in_four_words():
        await connection.mail(sender)
        await connection.rcpt(to)
    try:
        await connection.data(message.as_bytes(policy=SMTP))
    except smtp.SMTPDataError as error:
        raise refused(error) from error
    except (smtp.SMTPException, OSError) as error:
        raise Unconfirmed(VENDOR, f"{type(error).__name__} after the message") from error
