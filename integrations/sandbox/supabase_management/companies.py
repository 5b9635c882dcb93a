"""Companies that sign up with the product, many at once, through its own door."""

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
        self._url = f"{app_url}/api/onboarding/signup"
        self._numbers = count()
        self._session: ClientSession | None = None

    async def make(self, wanted: object) -> dict[str, object]:
        """How many the product took, and what it said to the first it did not."""
        many = wanted if isinstance(wanted, int) and 0 < wanted <= MOST else 0
        if not many:
            return {"error": f"count must be a number from 1 to {MOST}"}
        room = asyncio.Semaphore(AT_ONCE)
        said = await asyncio.gather(*(self._one(next(self._numbers), room) for _ in range(many)))
        refusals = [one for one in said if one]
        return {"made": many - len(refusals), "error": refusals[0] if refusals else ""}

    async def close(self) -> None:
        """Give connections back."""
        if self._session is not None:
            await self._session.close()

    async def _one(self, number: int, room: asyncio.Semaphore) -> str:
        """ "" or why not."""
        company = f"{FIRST[number % len(FIRST)]} {SECOND[number // len(FIRST) % len(SECOND)]}"
        turn = number // (len(FIRST) * len(SECOND))
        name = f"{company} {turn + 1}" if turn else company
        body = {"email": f"it@{name.lower().replace(' ', '-')}.example", "company_name": name}
        self._session = self._session or ClientSession(timeout=PATIENCE)
        try:
            async with room, self._session.post(self._url, json=body) as answer:
                return "" if answer.ok else f"{answer.status}: {(await answer.text())[:300]}"
        except (ClientError, TimeoutError) as error:
            return f"The product does not answer: {type(error).__name__}"
