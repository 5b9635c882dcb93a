"""Conversations of one workspace and what was said in them."""

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.blockkit.values import Values
from integrations.sandbox.slack.shape import Workspace


@dataclass(slots=True)
class Post:
    """One message. `only_for` names the one person who sees an ephemeral message."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    # Ids of uploads.
    files: tuple[str, ...] = ()
    by_app: bool = False
    only_for: str = ""
    edited: str = ""
    thread_ts: str = ""
    metadata: Json | None = None
    # What each person has chosen in its elements: user id → values.
    chosen: dict[str, Values] = field(default_factory=dict)
    # The options last offered to its external menus, by action_id.
    offered: dict[str, list[Json]] = field(default_factory=dict)

    def seen_by(self, user: str) -> bool:
        """Whether this person sees the message."""
        return self.only_for in ("", user)


@dataclass(slots=True)
class Room:
    """A channel, or the direct conversation of one person with the app."""

    id: str
    name: str
    is_private: bool = False
    is_ops: bool = False
    is_im: bool = False
    archived: bool = False
    # Another company is in it by Slack Connect, too.
    ext_shared: bool = False
    members: set[str] = field(default_factory=set)
    posts: list[Post] = field(default_factory=list)
    read: dict[str, str] = field(default_factory=dict)

    def find(self, ts: str) -> Post | None:
        """The message with this timestamp."""
        return next((post for post in self.posts if post.ts == ts), None)

    def seen_by(self, user: str) -> list[Post]:
        """What this person sees, oldest first."""
        return [post for post in self.posts if post.seen_by(user)]

    def unread(self, user: str) -> int:
        """How many messages came since this person last looked."""
        last = self.read.get(user, "")
        return sum(post.ts > last and post.user != user for post in self.seen_by(user))

    @property
    def slack_name(self) -> str:
        """The name as commands and payloads give it (contracts, C9)."""
        if self.is_im:
            return "directmessage"
        return "privategroup" if self.is_private else self.name


class Rooms:
    """All conversations of one workspace; direct ones come into being when first used."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._rooms = {room.id: room for room in map(self._room, workspace.channels)}
        self._numbers = itertools.count(1)

    def find(self, channel: str) -> Room | None:
        """The conversation with this id."""
        return self._rooms.get(channel)

    def of(self, user: str) -> list[Room]:
        """The conversations this person is in, channels first."""
        return [room for room in self._rooms.values() if user in room.members]

    def im(self, user: str) -> Room:
        """This person's direct conversation with the app."""
        room = self._rooms.get(im_id(user))
        if room is None:
            members = {user, self._workspace.bot_user_id}
            room = Room(im_id(user), "", is_private=True, is_im=True, members=members)
            self._rooms[room.id] = room
        return room

    def add(self, room: Room, **fields: Any) -> Post:
        """Put a new message into a conversation."""
        post = Post(ts=self.next_ts(), channel=room.id, **fields)
        room.posts.append(post)
        return post

    def next_ts(self) -> str:
        """A timestamp no other message of this workspace has; later ones compare greater."""
        return f"{int(time.time())}.{next(self._numbers):06d}"

    def _room(self, channel: Any) -> Room:
        members = set(channel.members)
        if channel.is_ops:
            members.add(self._workspace.bot_user_id)
        return Room(channel.id, channel.name, channel.is_private, channel.is_ops, members=members)


def im_id(user: str) -> str:
    """The id of a person's direct conversation with the app."""
    return f"D{user[1:]}"
