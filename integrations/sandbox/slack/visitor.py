"""A person at a Slack client, for tests that read like a story."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.blockkit.objects import offered_options
from integrations.sandbox.slack.choices import chosen_state, typed_state
from integrations.sandbox.slack.errors import Impossible
from integrations.sandbox.slack.gestures import clicks, modals, places, speech
from integrations.sandbox.slack.gestures.surface import Outcome, Surface
from integrations.sandbox.slack.shape import Person
from integrations.sandbox.slack.sight import Found, Sight
from integrations.sandbox.slack.state import SlackState

T = TypeVar("T")
LOOK_AGAIN = 0.05  # seconds between two looks while waiting
PATIENCE = 120.0  # seconds, for the busiest machine; what comes ends the wait


class Visitor:
    """One person of one workspace. Every gesture takes the way a panel request takes.

    Elements are named by action_id (or its part before a colon), label or button text. While a
    modal is open they are looked for in it; else in the newest message that has them, then on the
    home tab, unless `within` says where.
    """

    def __init__(self, slack: SlackState, team_id: str, user_id: str) -> None:
        self._slack = slack
        self.team = slack.team(team_id)
        self.person: Person = self.team.member(user_id)

    @property
    def id(self) -> str:
        """The person's Slack id."""
        return self.person.id

    @property
    def modal(self) -> Sight | None:
        """The topmost modal."""
        stack = self.modals
        return stack[-1] if stack else None

    @property
    def modals(self) -> list[Sight]:
        """The open modals, bottom first."""
        stack = self.team.views.stack(self.id)
        return [Sight(Surface(self.team, self.id, view=view)) for view in stack]

    @property
    def home(self) -> Sight | None:
        """What the app published to this person's home tab."""
        view = self.team.views.home(self.id)
        return Sight(Surface(self.team, self.id, view=view)) if view else None

    def messages(self, channel: str = "") -> list[Sight]:
        """What this person sees in a conversation, oldest first; by default that with the app."""
        room = self.team.room(self.id, channel) if channel else self.team.rooms.im(self.id)
        return [
            Sight(Surface(self.team, self.id, room=room, post=post))
            for post in room.seen_by(self.id)
        ]

    def everything(self) -> list[Sight]:
        """All messages this person sees anywhere, newest first."""
        rooms = self.team.rooms.of(self.id)
        sights = [sight for room in rooms for sight in self.messages(room.id)]
        return sorted(sights, key=_age, reverse=True)

    async def until(self, condition: Callable[[], T | None], within: float = PATIENCE) -> T:
        """Wait until the condition holds and return what it gave. TimeoutError shows the screen."""
        deadline = asyncio.get_running_loop().time() + within
        with self._slack.changes.subscribe() as changes:
            while not (held := condition()):
                if asyncio.get_running_loop().time() > deadline:
                    raise TimeoutError(f"still not so after {within} s. On the screen:\n{self}")
                await changes.next(LOOK_AGAIN)
        return held

    async def sees(self, words: str, within: float = PATIENCE) -> Sight:
        """Wait for a modal, message or home tab that shows these words."""
        return await self.until(lambda: self._showing(words), within)

    def __str__(self) -> str:
        parts = [f"[modal]\n{sight}" for sight in self.modals]
        parts += [f"[message]\n{sight}" for sight in self.everything()[:5]]
        return "\n".join(parts) or "(nothing)"

    async def command(self, text: str, channel: str = "") -> Outcome:
        """Type a slash command; by default into the first channel the person is in."""
        channel = channel or self._usual_channel()
        return await speech.command(self._slack, self.team, self.id, channel, text)

    def say(self, text: str, channel: str = "") -> None:
        """Type a message; by default to the app."""
        channel = channel or self.team.rooms.im(self.id).id
        speech.say(self._slack, self.team, self.id, channel, text)

    def share(self, name: str, content: bytes, channel: str = "", text: str = "") -> Sight:
        """Post a file into a conversation; returns the message."""
        channel = channel or self._usual_channel()
        upload = self.team.uploads.add(self.id, name, content, self._slack.base_url)
        speech.say(self._slack, self.team, self.id, channel, text, (upload.id,))
        return self.messages(channel)[-1]

    async def click(self, key: str, within: Sight | None = None) -> Outcome:
        """Press a button."""
        found = self._find(key, within)
        return await clicks.act(self._slack, found.surface, found.where, {}, {})

    async def type(self, key: str, text: str, within: Sight | None = None) -> Outcome:
        """Type into an input, replacing what stood there."""
        found = self._find(key, within)
        state = typed_state(found.element, text)
        if found.tells_while_typing:
            return await clicks.act(self._slack, found.surface, found.where, state, {})
        clicks.put_in_one(found.surface, found.where, state)
        return Outcome()

    async def press_enter(self, key: str) -> Outcome:
        """Press enter in an input that tells the app at once."""
        found = self._find(key, None)
        state = found.surface.values[found.where[0]][found.where[1]]
        return await clicks.act(self._slack, found.surface, found.where, state, {})

    async def choose(
        self, key: str, *choices: str, typed: str | None = None, within: Sight | None = None
    ) -> Outcome:
        """Choose in any menu, picker or group of boxes; the given choices replace earlier ones.

        In external menus `typed` (by default the first choice) is asked for first.
        """
        found = self._find(key, within)
        offered: list[Json] = []
        if found.element["type"].endswith("external_select"):
            offered = await self._offers(found, choices[0] if typed is None else typed)
        state = chosen_state(self.team, found.element, choices, offered)
        if found.tells_at_once:
            return await clicks.act(self._slack, found.surface, found.where, state, {})
        clicks.put_in_one(found.surface, found.where, state)
        return Outcome()

    async def suggestions(self, key: str, typed: str = "") -> list[str]:
        """What an external menu offers for these letters. Impossible when it fails."""
        offers = await self._offers(self._find(key, None), typed)
        return [offer["text"]["text"] for offer in offers]

    def attach(self, key: str, name: str, content: bytes) -> None:
        """Upload a file into a file_input. Impossible when the client would not take it."""
        found = self._find(key, None)
        upload = self.team.uploads.add(self.id, name, content, self._slack.base_url)
        state = {"files": [{"id": upload.id, "name": name}]}
        clicks.put_in_one(found.surface, found.where, state)

    async def submit(self) -> Outcome:
        """Press the submit button of the topmost modal."""
        return await modals.submit(self._slack, self._open_modal().surface, {})

    async def close(self, *, everything: bool = False) -> Outcome:
        """Close the topmost modal, or all of them."""
        surface = self._open_modal().surface
        return await modals.close(self._slack, surface, everything=everything)

    async def shortcut(self, callback_id: str, message: Sight | None = None) -> Outcome:
        """Use a global shortcut, or a message shortcut on a message."""
        post = message.surface.post if message is not None else None
        where = (post.channel, post.ts) if post is not None else None
        return await places.shortcut(self._slack, self.team, self.id, callback_id, where)

    def visit(self, tab: str = "home") -> None:
        """Open the app's home, messages or about tab."""
        places.visit_app(self._slack, self.team, self.id, tab)

    async def _offers(self, found: Found, typed: str) -> list[Json]:
        body = await clicks.suggest(self._slack, found.surface, found.where, typed)
        if "error" in body:
            raise Impossible(f"the menu shows no results: {body['error']}")
        return offered_options(body)

    def _find(self, key: str, within: Sight | None) -> Found:
        if within is not None:
            return within.get(key)
        if self.modal is not None:
            return self.modal.get(key)
        places_to_look = [*self.everything(), *([self.home] if self.home else [])]
        for sight in places_to_look:
            if (found := sight.find(key)) is not None:
                return found
        raise Impossible(f"no {key!r} anywhere. On the screen:\n{self}")

    def _showing(self, words: str) -> Sight | None:
        sights = [*self.modals[-1:], *self.everything(), *([self.home] if self.home else [])]
        return next((sight for sight in sights if words in sight), None)

    def _open_modal(self) -> Sight:
        if self.modal is None:
            raise Impossible(f"no modal is open. On the screen:\n{self}")
        return self.modal

    def _usual_channel(self) -> str:
        rooms = [r for r in self.team.rooms.of(self.id) if not r.is_im and not r.is_ops]
        return rooms[0].id if rooms else self.team.rooms.im(self.id).id


def _age(sight: Sight) -> str:
    return sight.surface.post.ts if sight.surface.post is not None else ""
