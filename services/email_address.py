"""The one rule of e-mail addresses: what people may type, and what SMTP and a header can hold."""

import re

import idna

from services.errors import Invalid
from services.phrases import Phrase

# RFC 5321 4.5.3.1: the local part's limit, and that of a path without its two angle brackets.
MAX_LOCAL, MAX_EMAIL = 64, 254
ENCODED = "xn--"
# A dot-atom (RFC 5322 3.2.3) in any script: nothing that ends a header or begins another address.
ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
ADDRESS = re.compile(rf"{ATOM}(?:\.{ATOM})*@[^@\s<>,;:\"\\()\[\]]+\.[^@\s<>,;:\"\\()\[\].]{{2,}}")
# Encoding would hide these hyphens (RFC 5891 4.2.3.1).
EDGE_HYPHEN = re.compile(r"(?:^|\.)-|-(?:\.|$)")
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")

# Dots before the @ mean nothing there, and both names are one.
DOTLESS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}

NOT_AN_ADDRESS = Phrase(
    "That is not an e-mail address. Write it like you@example.com.",
    "Questo non è un indirizzo e-mail. Scrivilo come tu@example.com.",
)
UNSENDABLE = Phrase(
    "No e-mail can be sent to “{address}”: before the @, use only letters without accents.",
    "A “{address}” non si può spedire: prima della @ usa solo lettere senza accenti.",
)
NO_DOMAIN = Phrase(
    "No e-mail can be sent to “{address}”: what follows the @ is no domain.",
    "A “{address}” non si può spedire: dopo la @ non c’è un dominio valido.",
)


def is_address(text: str) -> bool:
    """Whether this is one address; whether mail can be sent there, `wire_address` says."""
    return len(text) <= MAX_EMAIL and ADDRESS.fullmatch(text) is not None


def wire_address(text: str, *, field: str = "") -> str:
    """The address in ASCII, its domain in lower case and as punycode (RFC 5891).

    Raises Invalid when it is none or cannot be sent: a local part beyond ASCII needs SMTPUTF8
    (RFC 6531) on every server of the way, and has no other spelling.
    """
    if not is_address(text):
        raise Invalid(NOT_AN_ADDRESS, field=field)
    local, _, domain = text.rpartition("@")
    if not local.isascii():
        raise Invalid(UNSENDABLE, field=field, address=text)
    try:
        host = ascii_domain(domain)
    except UnicodeError:
        host = ""
    if EDGE_HYPHEN.search(domain) or not HOST.fullmatch(host):
        raise Invalid(NO_DOMAIN, field=field, address=text)
    address = f"{local}@{host}"
    if len(local) > MAX_LOCAL or len(address) > MAX_EMAIL:
        raise Invalid(NOT_AN_ADDRESS, field=field)
    return address


def ascii_domain(text: str) -> str:
    """A domain in lower case and ASCII, as browsers write it; raises UnicodeError.

    UTS 46 without IDNA 2008's further rules: the web has names with emoji. What is ASCII already
    is left as it is.
    """
    name = text.lower()
    if not name.isascii():
        labels = idna.uts46_remap(name, std3_rules=False).split(".")
        name = ".".join(map(_encoded, labels))
    return name


def mailbox_identity(address: str) -> str:
    """The mailbox behind an address: one text for all spellings that end in the same place.

    Without case and without what follows a `+`; at Gmail also without dots, whichever of its two
    domains. Only for telling mailboxes apart, never to send to. Raises Invalid for no address.
    """
    local, _, domain = wire_address(address.strip()).casefold().rpartition("@")
    base = local.partition("+")[0] or local
    if domain in DOTLESS:
        base, domain = base.replace(".", ""), DOTLESS[domain]
    return f"{base}@{domain}"


def _encoded(label: str) -> str:
    return label if label.isascii() else ENCODED + label.encode("punycode").decode()
