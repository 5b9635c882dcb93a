"""A year of business that never was, the same at every start: for `make sandbox` alone."""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bot.local.history_followups import invent_followups
from bot.local.history_usage import Sold, invent_usage
from db.reports.history import TableRows, load
from db.store.session import Database
from db.store.vault import Vault
from services.licensing import digest, hint, key_of
from services.reports import ReportDays

SEED = 20_261_128
YEAR = 365
CUSTOMERS = 120
NOTICED = timedelta(days=15)
NAMES = (
    *("Bianchi", "Ferrari", "Greco", "Moretti", "Rinaldi", "Colombo", "Marini", "Serra", "Villa"),
    *("Fontana", "Conti", "Galli", "Lombardi", "Barbieri", "Testa", "Riva", "Neri", "Costa"),
    *("Keller", "Novak", "Dubois", "Lindqvist", "O’Brien", "Fischer", "Almeida", "Jansen", "Weber"),
)
TRADES = (
    *("Studio", "Immobiliare", "Edilizia", "Consulting", "Design", "Legal", "Dental", "Wines"),
    *("Travel", "Software", "Interiors", "Logistics", "Media", "Ceramics", "Bikes", "Foods"),
)
# Plan, its share among a hundred sold, the months it is sold for (None: a whole life).
SOLD: tuple[tuple[str, int, tuple[int | None, ...]], ...] = (
    ("starter", 36, (1, 12, 12)),
    ("pro", 42, (1, 12, 12)),
    ("agency", 14, (12,)),
    ("founders", 8, (None,)),
)
MONTH = timedelta(days=30.4375)
ENDED = (("suspended", 0.03, "Chargeback"), ("cancelled", 0.06, "Asked for by the customer"))
CUSTOMER = ("id", "email", "name", "status", "notes", "created_at", "updated_at")
LICENSE = (
    *("id", "customer_id", "plan", "plan_version", "key_digest", "key", "key_hint", "status"),
    *("reason", "expires_at", "activated_at", "issued_at", "request_id", "order_digest"),
    *("domain", "noticed_days"),
)
SITE = ("license_id", "domain", "activated_at", "last_seen_at")
AUDIT = (
    *("at", "operator_kind", "operator_id", "operator_name", "request", "action", "outcome"),
    *("subject_kind", "subject_id", "before", "after"),
)


class Books:
    """Customers, licenses, sites and audit lines while they are invented."""

    def __init__(self, chance: Random, now: datetime, vault: Vault, pepper: bytes) -> None:
        self.chance, self.now, self.vault, self.pepper = chance, now, vault, pepper
        self.customers: list[tuple[object, ...]] = []
        self.licenses: list[tuple[object, ...]] = []
        self.sites: list[tuple[object, ...]] = []
        self.audit: list[tuple[object, ...]] = []
        self.sold: list[Sold] = []

    def customer(self, number: int) -> None:
        """One with one license, sometimes more; there are more of them the later it gets."""
        chance = self.chance
        name = f"{chance.choice(NAMES)} {chance.choice(TRADES)}"
        slug = "".join(one for one in name.lower() if one.isascii() and one.isalnum())
        domain = f"{slug}{number}.example"
        since = self.now - timedelta(days=YEAR * (1 - chance.random() ** 0.65))
        customer_id = f"cus_{chance.getrandbits(128):032x}"
        blocked = chance.random() < 0.02
        status = "blocked" if blocked else "active"
        self.customers.append((customer_id, f"info@{domain}", name, status, "", since, since))
        self._note(since, "customers.create", "customer", customer_id)
        for place in range(chance.choices((1, 2, 3), (80, 15, 5))[0]):
            self._license(customer_id, domain if not place else f"shop{place}.{domain}", since)

    def tables(self) -> list[TableRows]:
        """All of it, in an order that keys between tables allow."""
        return [
            TableRows("customers", CUSTOMER, self.customers),
            TableRows("licenses", LICENSE, self.licenses),
            TableRows("sites", SITE, self.sites),
            TableRows("audit_log", AUDIT, sorted(self.audit, key=lambda line: str(line[0]))),
        ]

    def _license(self, customer_id: str, domain: str, since: datetime) -> None:
        chance = self.chance
        plan, _, terms = chance.choices(SOLD, [share for _, share, _ in SOLD])[0]
        issued = since + (self.now - since) * chance.random() ** 3
        term = chance.choice(terms)
        ends = issued + term * MONTH if term else None
        while ends and term and ends < self.now and chance.random() < 0.82:
            ends += term * MONTH
        status, reason = "expired" if ends and ends < self.now else "active", ""
        for ended, share, why in ENDED:
            if status == "active" and chance.random() < share:
                status, reason = ended, why
        license_id = f"lic_{chance.getrandbits(128):032x}"
        key = key_of(chance.randbytes(15))
        sealed = self.vault.seal(key, table="licenses", column="key", row_id=license_id)
        noticed = 0 if ends and ends < self.now + NOTICED else None
        key_parts = (digest(self.pepper, key), bytes(sealed), hint(key))
        times = (ends, issued, issued, f"history:{license_id}")
        self.licenses.append(
            (
                license_id,
                customer_id,
                plan,
                1,
                *key_parts,
                status,
                reason,
                *times,
                "",
                domain,
                noticed,
            )
        )
        self.sites.append((license_id, domain, issued, min(self.now, ends or self.now)))
        self._note(issued, "licenses.issue", "license", license_id)
        until = min(self.now, ends) if ends else self.now
        if status in ("suspended", "cancelled"):
            until = issued + (self.now - issued) * 0.7
        self.sold.append(Sold(license_id, plan, issued, until))

    def _note(self, at: datetime, action: str, kind: str, subject: str) -> None:
        operator = ("command", "history", "Invented history", "")
        self.audit.append((at, *operator, action, "done", kind, subject, None, None))


async def invent(database: Database, pepper: bytes, zone: ZoneInfo) -> None:
    """Fill the tables of customers, licenses, usage and follow-ups; none of them may be in use."""
    now = datetime.now(UTC)
    books = Books(Random(SEED), now, database.vault, pepper)  # noqa: S311 - the same every time
    for number in range(CUSTOMERS):
        books.customer(number)
    usage = invent_usage(books.chance, books.sold, now)
    await load(database.url, [*books.tables(), *usage, *invent_followups(books.chance, now, YEAR)])
    # The days of single calls, as the clock does it.
    await ReportDays(database, zone, lambda: now).sum_up()
