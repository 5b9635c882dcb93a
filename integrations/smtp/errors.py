"""The mail server's failures as ours, by what RFC 5321 says of reply codes."""

from collections.abc import Iterator
from contextlib import contextmanager

import aiosmtplib as smtp

from integrations.errors import AuthExpired, RefusedByVendor, Unreachable
from integrations.json_fields import one_line

VENDOR = "smtp"
PERMANENT = 500
DETAIL = 200


class Unconfirmed(Unreachable):
    """The whole message was handed over and no reply came: it may have been sent."""


@contextmanager
def in_four_words() -> Iterator[None]:
    """A 4xx reply and a lost connection are Unreachable, 5xx is Refused, a bad sign-in AuthExpired.

    For everything before the message itself is handed over.
    """
    try:
        yield
    except smtp.SMTPAuthenticationError as error:
        raise AuthExpired(VENDOR, _reply(error)) from error
    except (smtp.SMTPConnectResponseError, smtp.SMTPHeloError) as error:
        # Said to us, not to this e-mail: another day it may be let in.
        raise Unreachable(VENDOR, _reply(error)) from error
    except smtp.SMTPResponseException as error:
        if error.code >= PERMANENT:
            raise RefusedByVendor(VENDOR, str(error.code), _reply(error)) from error
        raise Unreachable(VENDOR, _reply(error)) from error
    except smtp.SMTPNotSupported as error:
        raise AuthExpired(VENDOR, error.message) from error
    except (smtp.SMTPException, OSError) as error:
        raise Unreachable(VENDOR, type(error).__name__) from error


def refused(error: smtp.SMTPDataError) -> Unreachable | RefusedByVendor:
    """What the reply to the message itself means."""
    if error.code >= PERMANENT:
        return RefusedByVendor(VENDOR, str(error.code), _reply(error))
    return Unreachable(VENDOR, _reply(error))


def _reply(error: smtp.SMTPResponseException) -> str:
    return f"{error.code} {one_line(error.message)}"[:DETAIL]
