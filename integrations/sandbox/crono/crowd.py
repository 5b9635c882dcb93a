"""A CRM as large as one likes: companies and people made up from a few names, always the same."""

from integrations.sandbox.crono.store import CronoStore, Record

FIRST = (
    *("Ada", "Aïcha", "Björn", "Carla", "Chloé", "Dmitri", "Élodie", "Fabio", "Giulia", "Håkon"),
    *("Inés", "Jürgen", "Karim", "Łucja", "Marta", "Noor", "Óscar", "Paola", "Renée", "Søren"),
    *("Tomás", "Ulrike", "Viktor", "Wanda", "Xavier", "Yusuf", "Zoë", "Martina", "Luca", "Sara"),
)
LAST = (
    *("Abate", "Bertolini", "Colombo", "D'Angelo", "Esposito", "Ferrari", "García", "Hansen"),
    *("Ivanov", "Jansen", "Kowalski", "Lefèvre", "Müller", "Nuñez", "O'Neill", "Petrov"),
    *("Quintana", "Rossi", "Schröder", "Takács", "Urbański", "Vaccari", "Weiß", "Zanetti"),
)
HEAD = (
    *("Alba", "Borea", "Cala", "Delta", "Etna", "Faro", "Gaia", "Iris", "Lario", "Marea", "Nova"),
    *("Orsa", "Perla", "Quadra", "Rovere", "Sirio", "Terra", "Umbra", "Vela", "Zefiro"),
)
TRADE = (
    *("Logistics", "Textiles", "Foods", "Ceramiche", "Energy", "Trasporti", "Pharma", "Hotels"),
    *("Officine", "Studio", "Freight", "Vini", "Tools", "Insurance", "Media", "Systems"),
)
TITLES = ("CEO", "Buyer", "Head of Operations", "CFO", "IT Manager", "Direttore commerciale")
STEP = 7  # coprime to every list above but none of the counts: neighbours differ in all parts


def add_crowd(store: CronoStore, accounts: int, prospects: int) -> None:
    """Add so many companies and people; the people are spread over the companies."""
    stamp = store.stamp(200)
    ids = []
    for number in range(accounts):
        name = f"{HEAD[number % len(HEAD)]} {TRADE[number // 3 % len(TRADE)]} {number}"
        host = f"{HEAD[number % len(HEAD)].lower()}{number}.example"
        record = store.company(name, host, stamp)
        store.accounts[record["objectId"]] = record
        ids.append((record["objectId"], host))
    for number in range(prospects if ids else 0):
        account_id, host = ids[number * STEP % len(ids)]
        record = _person(store, number, account_id, host, stamp)
        store.prospects[record["objectId"]] = record


def _person(store: CronoStore, number: int, account_id: str, host: str, stamp: str) -> Record:
    first, last = FIRST[number % len(FIRST)], LAST[number // len(FIRST) % len(LAST)]
    middle = f"{HEAD[number // 720 % len(HEAD)]}"
    return store.person(
        account_id,
        first,
        f"{middle} {last}" if number >= len(FIRST) * len(LAST) else last,
        f"p{number}@{host}",
        TITLES[number % len(TITLES)],
        stamp,
    )
