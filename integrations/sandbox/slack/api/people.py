"""users.*, conversations.*, bots.*, team.*: who and where."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from integrations.sandbox.slack.api.call import Call, Method
from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.rooms import Room, im_id
from integrations.sandbox.slack.shape import Person

_READ_SCOPES = {"im": "im:read", "private": "groups:read", "public": "channels:read"}


def info(call: Call) -> Json:
    """users.info."""
    person = call.team.person(call.needed("user"))
    if person is None:
        raise SlackError("user_not_found")
    return {"user": _user(call, person, with_locale=call.switch("include_locale"))}


def lookup_by_email(call: Call) -> Json:
    """users.lookupByEmail."""
    wanted = call.needed("email").lower()
    people = call.team.workspace.people
    person = next((p for p in people if p.email.lower() == wanted), None)
    if person is None:
        raise SlackError("users_not_found")
    return {"user": _user(call, person, with_locale=False)}


def open_conversation(call: Call) -> Json:
    """conversations.open for one person; group conversations are not imitated."""
    users = [user.strip() for user in call.needed("users").split(",") if user.strip()]
    if len(users) != 1:
        raise SlackError("missing_scope", needed="mpim:write", provided=provided(call))
    if call.team.person(users[0]) is None:
        raise SlackError("user_not_found")
    known = call.team.rooms.find(im_id(users[0])) is not None
    room = call.team.rooms.im(users[0])
    channel = _conversation(call, room) if call.switch("return_im") else {"id": room.id}
    return {"no_op": known, "already_open": known, "channel": channel}


def conversation_info(call: Call) -> Json:
    """conversations.info; the scope it needs depends on the kind of conversation."""
    room = call.team.rooms.find(call.needed("channel"))
    if room is None:
        raise SlackError("channel_not_found")
    kind = "im" if room.is_im else "private" if room.is_private else "public"
    needed = _READ_SCOPES[kind]
    if needed not in call.team.scopes:
        raise SlackError("missing_scope", needed=needed, provided=provided(call))
    if room.is_private and call.team.workspace.bot_user_id not in room.members:
        raise SlackError("channel_not_found")
    return {"channel": _conversation(call, room)}


def bot_info(call: Call) -> Json:
    """bots.info about the app's own bot."""
    workspace = call.team.workspace
    if call.text("bot") not in ("", workspace.bot_id):
        raise SlackError("bot_not_found")
    bot = {
        "id": workspace.bot_id,
        "deleted": False,
        "name": call.slack.app.bot_name,
        "updated": 1,
        "app_id": call.team.app_id,
        "user_id": workspace.bot_user_id,
        "icons": {},
    }
    return {"bot": bot}


def team_info(call: Call) -> Json:
    """team.info."""
    workspace = call.team.workspace
    team = {
        "id": workspace.id,
        "name": workspace.name,
        "domain": workspace.domain,
        "url": f"https://{workspace.domain}.slack.com/",
        "email_domain": "",
        "icon": {},
    }
    return {"team": team}


def provided(call: Call) -> str:
    """The scopes of the token, as errors list them."""
    return ",".join(sorted(call.team.scopes))


def _user(call: Call, person: Person, *, with_locale: bool) -> Json:
    zone = datetime.now(UTC).astimezone(ZoneInfo(person.tz))
    offset = zone.utcoffset()
    profile = {
        "real_name": person.real_name,
        "display_name": person.name,
        "title": person.title,
        "team": call.team.id,
        "avatar_hash": person.color,
    }
    if "users:read.email" in call.team.scopes:
        profile["email"] = person.email
    user: Json = {
        "id": person.id,
        "team_id": call.team.id,
        "name": person.name,
        "deleted": False,
        "color": person.color.lstrip("#"),
        "real_name": person.real_name,
        "tz": person.tz,
        "tz_label": zone.tzname() or person.tz,
        "tz_offset": int(offset.total_seconds()) if offset is not None else 0,
        "profile": profile,
        "is_admin": person.id == call.team.workspace.people[0].id,
        "is_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": False,
        "is_app_user": False,
        "updated": 1,
    }
    return {**user, "locale": person.locale} if with_locale else user


def _conversation(call: Call, room: Room) -> Json:
    if room.is_im:
        user = next(iter(room.members - {call.team.workspace.bot_user_id}))
        return {"id": room.id, "is_im": True, "user": user, "is_archived": False}
    return {
        "id": room.id,
        "name": room.name,
        "is_channel": not room.is_private,
        "is_group": room.is_private,
        "is_im": False,
        "is_private": room.is_private,
        "is_archived": room.archived,
        "is_shared": room.ext_shared,
        "is_org_shared": False,
        "is_ext_shared": room.ext_shared,
        "is_pending_ext_shared": False,
        "is_member": call.team.workspace.bot_user_id in room.members,
    }


METHODS = {
    "users.info": Method(info, ("users:read",)),
    "users.lookupByEmail": Method(lookup_by_email, ("users:read.email",), tier=3),
    "conversations.open": Method(open_conversation, ("im:write",), tier=3),
    "conversations.info": Method(conversation_info, (), tier=3),
    "bots.info": Method(bot_info, ("users:read",), tier=3),
    "team.info": Method(team_info, ("team:read",), tier=3),
}
