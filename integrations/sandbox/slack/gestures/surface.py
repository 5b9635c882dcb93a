"""The thing a person touches: an open view or a message, and what they put into it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.blockkit.surfaces import interactive
from integrations.sandbox.slack.blockkit.values import NotPossible, Values, merged_values
from integrations.sandbox.slack.deliver_http import Answer
from integrations.sandbox.slack.errors import Impossible
from integrations.sandbox.slack.payloads import message_part, post_values, view_part
from integrations.sandbox.slack.rooms import Post, Room
from integrations.sandbox.slack.state import Team
from integrations.sandbox.slack.views import View


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the person's client learns.

    `error` is operation_timeout, dispatch_failed or what was wrong with the answer; `errors` are
    the texts under inputs, by block_id.
    """

    ok: bool = True
    ack_ms: float = 0.0
    error: str = ""
    errors: Mapping[str, str] | None = None

    def as_json(self) -> Json:
        """As the panel gets it."""
        body: Json = {"ok": self.ok, "ack_ms": round(self.ack_ms, 1)}
        if self.error:
            body["error"] = self.error
        if self.errors:
            body["errors"] = dict(self.errors)
        return body


def outcome_of(answer: Answer) -> Outcome:
    """The outcome of a delivery whose answer's body does not matter."""
    return Outcome(not answer.error, answer.ms, answer.error)


@dataclass(frozen=True, slots=True)
class Surface:
    """Either a view, or a message in a conversation; `user` is who touches it."""

    team: Team
    user: str
    view: View | None = None
    room: Room | None = None
    post: Post | None = None

    @property
    def blocks(self) -> list[Json]:
        """What is drawn."""
        if self.view is not None:
            return self.view.blocks
        return self._post.blocks

    @property
    def values(self) -> Values:
        """What this person has put in."""
        if self.view is not None:
            return self.view.values
        return post_values(self._post, self.user)

    @property
    def offered(self) -> dict[str, list[Json]]:
        """The options last offered to external menus, by action_id."""
        return self.view.offered if self.view is not None else self._post.offered

    @property
    def channel(self) -> str:
        """The conversation the person is in, "" where Slack does not know it."""
        return self.room.id if self.room is not None else ""

    def part(self) -> Json:
        """The surface's fields in an interaction's payload."""
        if self.view is not None:
            return view_part(self.team, self.view)
        if self.room is None:
            raise Impossible("a message without its conversation")
        return message_part(self.team, self.room, self._post, self.user)

    def put_in(self, given: Values) -> None:
        """Remember what the client says was put in. Impossible when it cannot be."""
        try:
            values = merged_values(self.values, self.blocks, self._with_uploads(given))
        except NotPossible as error:
            raise Impossible(str(error)) from error
        if self.view is not None:
            self.view.values = values
        else:
            self._post.chosen[self.user] = values

    def _with_uploads(self, given: Values) -> Values:
        """The same values with the workspace's own account of each file a client names."""
        known: Values = {}
        for block_id, actions in given.items():
            for action_id, state in actions.items():
                if isinstance(state.get("files"), list):
                    state = {**state, "files": [self._uploaded(f) for f in state["files"]]}
                known.setdefault(block_id, {})[action_id] = state
        return known

    def _uploaded(self, file: Json) -> Json:
        return self.team.uploads.owned(self.user, str(file.get("id"))).as_json()

    def element(self, block_id: str, action_id: str) -> tuple[Json, Json]:
        """A block and its element. Impossible when they are not drawn (any more)."""
        drawn = ((block, e) for block in self.blocks for e in interactive(block))
        for block, element in drawn:
            if (block["block_id"], element["action_id"]) == (block_id, action_id):
                return block, element
        raise Impossible(f"no element {action_id} in block {block_id}")

    @property
    def _post(self) -> Post:
        if self.post is None:
            raise Impossible("neither a view nor a message")
        return self.post


def find_surface(team: Team, user: str, container: Mapping[str, Any]) -> Surface:
    """The surface a panel names: {type, view_id} or {type, channel, ts}. Impossible."""
    team.member(user)
    if not team.installed:
        raise Impossible("the app is not installed here any more")
    if container.get("type") == "view":
        view = team.views.find(str(container.get("view_id")))
        if view is None or view.user != user:
            raise Impossible("this view is closed")
        return Surface(team, user, view=view)
    channel, ts = str(container.get("channel")), str(container.get("ts"))
    room, post = team.room(user, channel), team.post(user, channel, ts)
    return Surface(team, user, room=room, post=post)
