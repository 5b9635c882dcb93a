"""A workspace that has just installed us: whoever did it is told what comes next."""

from typing import Protocol

from services.actors import Actor
from services.people import Member, Members

# The job that tells the installer.
GREET = "workspaces.greet"


class Greeter(Protocol):
    """Speaks to a person in a direct message."""

    async def greet(self, member: Member) -> None:
        """Say what comes next; raises Temporary. Whom Slack does not let us reach stays unmet."""


class Greetings:
    """Greets whoever installed us; nothing else happens by itself."""

    def __init__(self, people: Members, greeter: Greeter) -> None:
        self._people = people
        self._greeter = greeter

    async def greet(self, workspace_id: str, member_id: str) -> None:
        """A step: the direct message to the installer, in their language. Raises Temporary."""
        await self._greeter.greet(await self._people.who(Actor(workspace_id, member_id)))
