"""Everything the imitated Slack remembers, and its ways to the app."""

from integrations.sandbox.kit.changes import Changes
from integrations.sandbox.slack.delivery import Delivery
from integrations.sandbox.slack.errors import Impossible
from integrations.sandbox.slack.events import Events, Sender
from integrations.sandbox.slack.files import Uploads
from integrations.sandbox.slack.grants import Grant, Grants
from integrations.sandbox.slack.manifest import AppManifest
from integrations.sandbox.slack.rooms import Post, Room, Rooms
from integrations.sandbox.slack.rules import Rules
from integrations.sandbox.slack.shape import Journal, Person, Workspace, World
from integrations.sandbox.slack.tickets import Tickets
from integrations.sandbox.slack.views import Views


class Team:
    """One workspace with the app installed, as it is now."""

    def __init__(self, workspace: Workspace, app_id: str, scopes: frozenset[str]) -> None:
        self.workspace = workspace
        self.app_id = app_id
        self.rooms = Rooms(workspace)
        # A test may take a scope away; the token then misses it.
        self.scopes = set(scopes)
        self.views = Views(workspace.id, app_id, workspace.bot_id, self.scopes)
        self.uploads = Uploads(workspace.id)
        self.installed = workspace.installed
        # With its whole organisation, not by itself.
        self.whole = False

    @property
    def id(self) -> str:
        """The workspace's id."""
        return self.workspace.id

    @property
    def organisation(self) -> str:
        """The id of its Grid, or ""."""
        return self.workspace.organisation

    @property
    def enterprise(self) -> dict[str, str] | None:
        """Its organisation as payloads name it."""
        name = self.workspace.organisation_name
        return {"id": self.organisation, "name": name} if self.organisation else None

    @property
    def sender(self) -> Sender:
        """The installation, as events name it."""
        bot = self.workspace.bot_user_id
        return Sender(self.id, self.app_id, bot, self.organisation, whole=self.whole)

    def person(self, user: str) -> Person | None:
        """Somebody of this workspace."""
        return next((p for p in self.workspace.people if p.id == user), None)

    def member(self, user: str) -> Person:
        """Somebody of this workspace. Impossible when there is no such person."""
        person = self.person(user)
        if person is None:
            raise Impossible(f"{user} is not in workspace {self.id}")
        return person

    def room(self, user: str, channel: str) -> Room:
        """A conversation this person is in. Impossible when they are not."""
        room = self.rooms.find(channel)
        if room is None or user not in room.members:
            raise Impossible(f"{user} is not in conversation {channel}")
        return room

    def file_seen_by_app(self, file_id: str) -> bool:
        """Whether the app's bot may see a file: in a form, a public channel, or where it is."""
        rooms = [room for id_ in self.uploads.rooms(file_id) if (room := self.rooms.find(id_))]
        bot = self.workspace.bot_user_id
        return not rooms or any(
            room.is_im or not room.is_private or bot in room.members for room in rooms
        )

    def post(self, user: str, channel: str, ts: str) -> Post:
        """A message this person sees. Impossible when they do not."""
        post = self.room(user, channel).find(ts)
        if post is None or not post.seen_by(user):
            raise Impossible(f"no message {ts} in {channel}")
        return post


class SlackState:
    """All workspaces. `base_url` is the sandbox's own address, without a slash at the end.

    It is where response URLs and sockets lead; unless given, the first request to the Web API or
    the panel sets it.
    """

    def __init__(
        self,
        world: World,
        app: AppManifest,
        journal: Journal,
        *,
        changes: Changes | None = None,
        rules: Rules | None = None,
    ) -> None:
        self.world, self.app = world, app
        self.changes = changes or Changes()
        self.rules = rules or Rules()
        self.base_url = ""
        self.teams = {w.id: Team(w, world.app_id, app.scopes) for w in world.workspaces}
        self.tickets = Tickets(self.rules)
        self.grants = Grants(self.rules)
        self.organisations = {
            w.organisation: w.organisation_name for w in world.workspaces if w.organisation
        }
        for workspace in world.workspaces:
            if workspace.installed:
                self.grants.issue(workspace.id, workspace.bot_token, lasting=True)
        self.delivery = Delivery(world, app, self.rules, journal)
        self.events = Events(app, self.rules, self.delivery)

    def team(self, team_id: str) -> Team:
        """A workspace. Impossible when there is none of this id."""
        if team_id not in self.teams:
            raise Impossible(f"no workspace {team_id}")
        return self.teams[team_id]

    def key_of(self, team: Team) -> str:
        """Whose grant serves a workspace: its own, or its organisation's."""
        return team.organisation if team.whole else team.id

    def install(self, team_id: str, *, whole: bool = False) -> Grant:
        """Somebody allowed the app into a workspace, or into its whole organisation."""
        team = self.team(team_id)
        for one in self.teams.values():
            if one.id == team_id or (whole and one.organisation == team.organisation):
                one.installed, one.whole = True, whole
        self.changes.announce("client")
        token = team.workspace.bot_token
        return self.grants.issue(self.key_of(team), f"{token}-whole" if whole else token)

    def served_by(self, key: str) -> list[Team]:
        """The workspaces of a grant."""
        return [team for team in self.teams.values() if self.key_of(team) == key]

    def response_url(self, team: str, user: str, channel: str, ts: str = "") -> str:
        """A fresh response_url; `ts` names the message an interaction came from."""
        return f"{self.base_url}/slack/response/{self.tickets.response(team, user, channel, ts)}"

    def said(self, room: Room) -> None:
        """Tell the panels that a conversation changed."""
        self.changes.announce(f"messages:{room.id}")
        self.changes.announce("client")

    async def close(self) -> None:
        """Stop everything on its way to the app."""
        await self.events.close()
        await self.delivery.close()
