"""E-mail addresses as they go over the wire: what SMTP and a header can hold."""

import re

import idna

from services.errors import Invalid
from services.phrases import Phrase

# What people type; whether mail can be sent there is another question.
ADDRESS = re.compile(r"[^@\s<>,;:\"\\()\[\]]+@[^@\s<>,;:\"\\()\[\]]+\.[^@\s<>,;:\"\\()\[\].]{2,}")

UNSENDABLE = Phrase(
    "No e-mail can be sent to “{address}”: before the @, use only letters without accents.",
    "A “{address}” non si può spedire: prima della @ usa solo lettere senza accenti.",
)

NO_DOMAIN = Phrase(
    "No e-mail can be sent to “{address}”: what follows the @ is no domain.",
    "A “{address}” non si può spedire: dopo la @ non c’è un dominio valido.",
)


def wire_address(address: str, *, field: str = "") -> str:
    """The address in ASCII, its domain as punycode (RFC 5891).

    Raises Invalid when it cannot be sent: a local part beyond ASCII needs SMTPUTF8 (RFC 6531) on
    every server of the way, and has no other spelling.
    """
    local, at, domain = address.rpartition("@")
    if not local.isascii():
        raise Invalid(UNSENDABLE, field=field, address=address)
    try:
        host = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except UnicodeError:
        raise Invalid(NO_DOMAIN, field=field, address=address) from None
    return f"{local}{at}{host}"
