"""Domains: what a customer's site calls itself, read strictly, and which hosts cost no place."""

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache

from publicsuffixlist import PublicSuffixList

from services.email_address import ENCODED, ascii_domain
from services.errors import Invalid
from services.phrases import Phrase

MAX_TYPED = 2_000
MAX_HOST = 253
REMEMBERED = 8_192
# What a copied address has around it: blanks and marks without width, but never a line's end.
PASTED = " \t\u00a0\u00ad\u2009\u200b\u200c\u200d\u200e\u200f\u202f\u2060\u3000\ufeff"
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# docs/receipts has it too: receipts are for the host that is read here.
ADDRESS = re.compile(
    r"(?:(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#@\\\s]*@)?)?"
    r"(?P<host>\[[0-9a-f:.]+\]|[^/?#:@\[\]\\\s]+)(?::\d{1,5}|:(?!//))?(?:[/?#].*)?",
    re.IGNORECASE,
)
LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# A browser reads such a name as an IPv4 address, or not at all (WHATWG URL).
NUMERIC = re.compile(r"\d+|0x[0-9a-f]*")
WWW = "www."
# Names that never leave a machine or an office: RFC 6761, RFC 6762, RFC 8375, RFC 9476, and those
# that ICANN keeps out of the root or that tools use.
LOCAL_NAMES = frozenset(
    (
        *("alt", "corp", "docker", "home", "home.arpa", "internal", "intranet", "invalid"),
        *("lan", "loc", "local", "localdomain", "localhost", "private", "test"),
    )
)
# Where hosting companies and local tools put copies of a site that nobody visits.
STAGING_HOSTS = frozenset(
    (
        *("10web.me", "10web.site", "azurewebsites.net", "bluehoststaging.com"),
        *("cloudwaysapps.com", "ddev.site", "devtunnels.ms", "docksal.site", "dream.press"),
        *("flywheelsites.com", "flywheelstaging.com", "gitpod.io", "instawp.link"),
        *("instawp.xyz", "kinsta.cloud", "lndo.site", "loca.lt", "localhost.run"),
        *("localsite.io", "localtest.me", "lvh.me", "mybluehost.me", "myftpupload.com"),
        *("mystagingwebsite.com", "ngrok-free.app", "ngrok-free.dev", "ngrok.app", "ngrok.dev"),
        *("ngrok.io", "nip.io", "onrocket.site", "pantheonsite.io", "platformsh.site"),
        *("preview-domain.com", "runcloud.link", "sg-host.com", "sslip.io", "stackstaging.com"),
        *("staging.tempurl.host", "tastewp.com", "trycloudflare.com", "updraftclone.com"),
        *("wpcomstaging.com", "wpengine.com", "wpengine.net", "wpenginepowered.com"),
        *("wpsandbox.net", "wpsandbox.org", "wpsandbox.pro", "wpstagecoach.com", "wpstage.net"),
    )
)
# A label, or a part of it between hyphens, that marks a copy; hosts number theirs.
STAGING = re.compile(
    r"(?:^|-)(?:staging|stage|stg|development|develop|dev|testing|test|uat|preview|sandbox)"
    r"(?:-?\d+)?(?=-|$)"
)

NOT_A_DOMAIN = Phrase(
    "That is not a domain. Write it like example.com.",
    "Questo non è un dominio. Scrivilo come example.com.",
)


@dataclass(frozen=True, slots=True)
class Domain:
    """A site's host: lower case, ASCII, without `www.`; `registrable` is what was registered.

    A `free` host (a developer's machine, a hosting company's place for copies) never takes a place
    of a plan. `copy_of` is the site that a staging copy (`staging2.shop.example`) belongs to.
    """

    host: str
    registrable: str
    free: bool = False
    copy_of: str = ""

    @classmethod
    def read(cls, text: str) -> "Domain":
        """Read a domain or an address; scheme, user, port and path are ignored.

        Raises Invalid (field `domain`) for anything else, and for a bare public suffix.
        """
        return _read(text)

    def within(self, host: str) -> bool:
        """Whether this is `host` or one of its subdomains."""
        return _is_within(self.host, host)

    @property
    def site(self) -> str:
        """The host whose place this one needs: its own, or that of the site it is a copy of."""
        return self.copy_of or self.host

    def copies(self, host: str) -> bool:
        """Whether this is a staging copy of `host`, or of one of its subdomains."""
        return bool(self.copy_of) and _is_within(self.copy_of, host)


@lru_cache(maxsize=REMEMBERED)
def _read(text: str) -> Domain:
    host = _host(text)
    address = _address(host.strip("[]"))
    if address is not None:
        if not (address.is_private or address.is_loopback):
            raise Invalid(NOT_A_DOMAIN, field="domain")
        return _free(address.compressed)
    name = _name(host)
    if _ends_in(name, LOCAL_NAMES) or ("." not in name and not _suffixes().is_public(name)):
        return _free(name)
    return _registered(name)


def _host(text: str) -> str:
    text = text.strip(PASTED)
    found = None if len(text) > MAX_TYPED or CONTROL.search(text) else ADDRESS.fullmatch(text)
    if found is None:
        raise Invalid(NOT_A_DOMAIN, field="domain")
    return found["host"]


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _name(host: str) -> str:
    try:
        name = ascii_domain(host).rstrip(".")
    except UnicodeError:
        raise Invalid(NOT_A_DOMAIN, field="domain") from None
    labels = name.split(".")
    short = len(name) <= MAX_HOST
    if not (short and all(map(LABEL.fullmatch, labels))) or NUMERIC.fullmatch(labels[-1]):
        raise Invalid(NOT_A_DOMAIN, field="domain")
    return name


def _free(name: str) -> Domain:
    return Domain(name, "", free=True)


def _registered(name: str) -> Domain:
    registrable = _registrable(name)
    if registrable is None:
        # A bare public suffix is nobody's site.
        raise Invalid(NOT_A_DOMAIN, field="domain")
    name = _without_www(name, registrable)
    site = _without_www(_copied(name, registrable), registrable)
    free = _ends_in(name.partition(".")[2], STAGING_HOSTS)
    return Domain(name, registrable, free, copy_of="" if site == name else site)


def _registrable(name: str) -> str | None:
    if _suffixes().publicsuffix(name) is None:
        # No registry of ours: its last two labels.
        return ".".join(name.split(".")[-2:])
    registrable: str | None = _suffixes().privatesuffix(name)
    return registrable


def _without_www(name: str, registrable: str) -> str:
    return name if name == registrable else name.removeprefix(WWW)


def _copied(name: str, registrable: str) -> str:
    """The name without what marks a staging copy in its subdomains."""
    labels = [_live(label) for label in name.removesuffix(registrable).split(".")]
    return ".".join([*filter(None, labels), registrable])


def _live(label: str) -> str:
    return label if label.startswith(ENCODED) else STAGING.sub("", label).strip("-")


def _ends_in(name: str, hosts: frozenset[str]) -> bool:
    labels = name.split(".")
    return any(".".join(labels[start:]) in hosts for start in range(len(labels)))


def _is_within(name: str, host: str) -> bool:
    return name == host or name.endswith(f".{host}")


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)
