"""Companies that become tenants of the product, many at once, through its admins' own door."""

import asyncio
from itertools import count

from aiohttp import ClientError, ClientSession, ClientTimeout

PATIENCE = ClientTimeout(total=30.0)
MOST = 100
AT_ONCE = 8
FIRST = (
    *("Northwind", "Marea", "Brambilla", "Copperline", "Foxglove", "Halcyon", "Juniper", "Kestrel"),
    *("Lumen", "Orchard", "Quarry", "Saffron", "Tidewater", "Velvet", "Wexford", "Valdoro"),
)
SECOND = ("Foods", "Logistics", "Textiles", "Studios", "Energy", "Museums", "Dental", "Freight")


class SignUps:
    """Posts to the product at `app_url`; every company of a sandbox has a name of its own."""

    def __init__(self, app_url: str) -> None:
        self._url = f"{app_url}/api/admin/tenants"
        self._numbers = count()
        self._session: ClientSession | None = None

    async def make(self, wanted: object, admin_key: str) -> dict[str, object]:
        """How many the product took, and what it said to the first it did not.

        As an admin: whoever signs up from one network has ten tries an hour.
        """
        many = wanted if isinstance(wanted, int) and 0 < wanted <= MOST else 0
        if not many:
            return {"error": f"count must be a number from 1 to {MOST}"}
        room, key = asyncio.Semaphore(AT_ONCE), {"X-Admin-Key": admin_key}
        numbers = [next(self._numbers) for _ in range(many)]
        said = await asyncio.gather(*(self._one(number, key, room) for number in numbers))
        refusals = [one for one in said if one]
        return {"made": many - len(refusals), "error": refusals[0] if refusals else ""}

    async def settings(self, origin: str) -> dict[str, str]:
        """What the product runs with, as this sandbox told it."""
        self._session = self._session or ClientSession(timeout=PATIENCE)
        async with self._session.get(f"{origin}/environment") as answer:
            told: dict[str, str] = await answer.json()
            return told

    async def close(self) -> None:
        """Give connections back."""
        if self._session is not None:
            await self._session.close()

    async def _one(self, number: int, key: dict[str, str], room: asyncio.Semaphore) -> str:
        """ "" or why not."""
        company = f"{FIRST[number % len(FIRST)]} {SECOND[number // len(FIRST) % len(SECOND)]}"
        turn = number // (len(FIRST) * len(SECOND))
        name = f"{company} {turn + 1}" if turn else company
        body = {"email": f"it@{name.lower().replace(' ', '-')}.example", "company_name": name}
        self._session = self._session or ClientSession(timeout=PATIENCE)
        try:
            async with room, self._session.post(self._url, json=body, headers=key) as answer:
                return "" if answer.ok else f"{answer.status}: {(await answer.text())[:300]}"
        except (ClientError, TimeoutError) as error:
            return f"The product does not answer: {type(error).__name__}"
