"""Domains: what a customer's site calls itself, read strictly, and which hosts cost no place."""

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache

import idna
from publicsuffixlist import PublicSuffixList

from services.errors import Invalid
from services.phrases import Phrase

MAX_TYPED = 2_000
MAX_HOST = 253
REMEMBERED = 8_192
ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://)?(?P<host>\[[0-9a-f:.]+\]|[^/?#:@\[\]\\\s]+)(?::\d{0,5})?(?:[/?#].*)?",
    re.IGNORECASE,
)
LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
WWW = "www."
# Names that never leave a machine or an office (RFC 6761, RFC 6762, RFC 8375, RFC 9476).
LOCAL_NAMES = ("localhost", "local", "test", "invalid", "internal", "lan", "home.arpa", "alt")
# Where hosting companies and local tools put copies of a site that nobody visits.
STAGING_HOSTS = (
    *(
        "wpengine.com",
        "wpenginepowered.com",
        "wpstagecoach.com",
        "kinsta.cloud",
        "flywheelsites.com",
    ),
    *(
        "flywheelstaging.com",
        "pantheonsite.io",
        "cloudwaysapps.com",
        "myftpupload.com",
        "sg-host.com",
    ),
    *(
        "instawp.xyz",
        "instawp.link",
        "tastewp.com",
        "wpcomstaging.com",
        "onrocket.site",
        "runcloud.link",
    ),
    *("dream.press", "bluehoststaging.com", "staging.tempurl.host", "wpsandbox.net", "ddev.site"),
    *("lndo.site", "ngrok.io", "ngrok.app", "ngrok-free.app", "trycloudflare.com", "localsite.io"),
)
STAGING_PREFIXES = ("staging", "stage", "stg", "dev", "test", "testing", "preview", "sandbox")

NOT_A_DOMAIN = Phrase(
    "That is not a domain. Write it like example.com.",
    "Questo non è un dominio. Scrivilo come example.com.",
)


@dataclass(frozen=True, slots=True)
class Domain:
    """A site's host: lower case, ASCII, without `www.`; `registrable` is what was registered.

    A `free` host (a developer's machine, a copy for staging) never takes a place of a plan.
    """

    host: str
    registrable: str
    free: bool = False

    @classmethod
    def read(cls, text: str) -> "Domain":
        """Read a domain or an address; scheme, port and path are ignored.

        Raises Invalid (field `domain`) for anything else, and for a bare public suffix.
        """
        return _read(text)

    def within(self, host: str) -> bool:
        """Whether this is `host` or one of its subdomains."""
        return self.host == host or self.host.endswith(f".{host}")


@lru_cache(maxsize=REMEMBERED)
def _read(text: str) -> Domain:
    host = _host(text)
    if host.startswith("["):
        host = host[1:-1]
    address = _address(host)
    if address is not None:
        if not (address.is_private or address.is_loopback):
            raise Invalid(NOT_A_DOMAIN, field="domain")
        return Domain(address.compressed, "", free=True)
    name = _ascii(host)
    if any(name == local or name.endswith(f".{local}") for local in LOCAL_NAMES):
        return Domain(name, "", free=True)
    return _registered(name)


def _host(text: str) -> str:
    if len(text) > MAX_TYPED or not text.isprintable():
        raise Invalid(NOT_A_DOMAIN, field="domain")
    found = ADDRESS.fullmatch(text.strip(" "))
    if found is None:
        raise Invalid(NOT_A_DOMAIN, field="domain")
    return found["host"]


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _ascii(host: str) -> str:
    name = host.lower().rstrip(".")
    if len(name) > MAX_HOST:
        raise Invalid(NOT_A_DOMAIN, field="domain")
    if not name.isascii() or "xn--" in name:
        try:
            name = idna.encode(name, uts46=True).decode()
        except UnicodeError:
            raise Invalid(NOT_A_DOMAIN, field="domain") from None
    if len(name) > MAX_HOST or not all(LABEL.fullmatch(label) for label in name.split(".")):
        raise Invalid(NOT_A_DOMAIN, field="domain")
    return name


def _registered(name: str) -> Domain:
    registrable: str | None = _suffixes().privatesuffix(name)
    if registrable is None:
        # A bare public suffix is nobody's site, and neither is a single word.
        raise Invalid(NOT_A_DOMAIN, field="domain")
    if name.startswith(WWW) and name != registrable:
        name = name.removeprefix(WWW)
    under = name.removesuffix(registrable).rstrip(".")
    staging = bool(set(under.split(".")) & set(STAGING_PREFIXES))
    return Domain(name, registrable, free=staging or _is_staging_host(name))


def _is_staging_host(name: str) -> bool:
    return any(name.endswith(f".{host}") for host in STAGING_HOSTS)


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
