"""The hub through which the sandbox's parts tell open panels that something is different now."""

import asyncio
from types import TracebackType


class Subscription:
    """One listener's pending topics; equal topics announced before it looks are told once."""

    def __init__(self, hub: "Changes") -> None:
        self._hub = hub
        self._topics: set[str] = set()
        self._woken = asyncio.Event()

    async def next(self, within: float | None = None) -> frozenset[str]:
        """Wait for topics, at most `within` seconds; empty when nothing came."""
        try:
            await asyncio.wait_for(self._woken.wait(), within)
        except TimeoutError:
            return frozenset()
        topics = frozenset(self._topics)
        self._topics.clear()
        self._woken.clear()
        return topics

    def tell(self, topic: str) -> None:
        """Called by the hub."""
        self._topics.add(topic)
        self._woken.set()

    def close(self) -> None:
        """Hear nothing more."""
        self._hub.forget(self)

    def __enter__(self) -> "Subscription":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class Changes:
    """Topics are "client", "messages:<channel id>", "outside" and "journal"."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()

    def announce(self, topic: str) -> None:
        """Tell every listener that this topic must be looked at again."""
        for subscription in tuple(self._subscriptions):
            subscription.tell(topic)

    def subscribe(self) -> Subscription:
        """A listener for everything announced from now on; close it, or use it in a `with`."""
        subscription = Subscription(self)
        self._subscriptions.add(subscription)
        return subscription

    def forget(self, subscription: Subscription) -> None:
        """Called by a subscription that closes."""
        self._subscriptions.discard(subscription)
