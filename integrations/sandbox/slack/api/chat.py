"""chat.*: messages in channels and direct conversations."""

from integrations.sandbox.slack.api.call import Call, Method
from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.blockkit.values import kept_values
from integrations.sandbox.slack.content import read_content
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.payloads import message_json, post_values
from integrations.sandbox.slack.rooms import Post, Room


def post_message(call: Call) -> Json:
    """chat.postMessage."""
    room = _writable_room(call)
    content = read_content(call.arguments)
    post = call.team.rooms.add(
        room,
        user=call.team.workspace.bot_user_id,
        by_app=True,
        text=content.text,
        blocks=content.blocks,
        attachments=content.attachments,
        metadata=content.metadata,
        thread_ts=_thread(call, room),
    )
    call.slack.said(room)
    return {"channel": room.id, "ts": post.ts, "message": message_json(call.team, post)}


def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral; the timestamp it returns is of no further use."""
    user = call.needed("user")
    room = _writable_room(call)
    if user not in room.members or call.team.person(user) is None:
        raise SlackError("user_not_in_channel")
    content = read_content(call.arguments)
    post = call.team.rooms.add(
        room,
        user=call.team.workspace.bot_user_id,
        by_app=True,
        only_for=user,
        text=content.text,
        blocks=content.blocks,
        attachments=content.attachments,
    )
    call.slack.said(room)
    return {"message_ts": post.ts}


def update(call: Call) -> Json:
    """chat.update: text alone removes blocks, what is not given stays."""
    room, post = _own_post(call, "cant_update_message")
    content = read_content(call.arguments, is_update=True)
    redraw(post, content.text, content.blocks, call.team.rooms.next_ts())
    if "attachments" in call.arguments:
        post.attachments = content.attachments
    if "metadata" in call.arguments:
        post.metadata = content.metadata
    call.slack.said(room)
    return {
        "channel": room.id,
        "ts": post.ts,
        "text": post.text,
        "message": message_json(call.team, post),
    }


def delete(call: Call) -> Json:
    """chat.delete."""
    room, post = _own_post(call, "cant_delete_message")
    room.posts.remove(post)
    call.slack.said(room)
    return {"channel": room.id, "ts": post.ts}


def permalink(call: Call) -> Json:
    """chat.getPermalink; it needs no scope."""
    room = call.team.rooms.find(call.needed("channel"))
    if room is None:
        raise SlackError("channel_not_found")
    ts = call.needed("message_ts")
    if room.find(ts) is None:
        raise SlackError("message_not_found")
    place = f"{room.id}/p{ts.replace('.', '')}"
    url = f"https://{call.team.workspace.domain}.slack.com/archives/{place}"
    return {"channel": room.id, "permalink": url}


def redraw(post: Post, text: str, blocks: list[Json], edited: str) -> None:
    """Replace what a message shows; choices stay where block_id and action_id do."""
    chosen = {user: kept_values(post_values(post, user), blocks) for user in post.chosen}
    post.text, post.blocks, post.edited, post.chosen = text, blocks, edited, chosen


def _writable_room(call: Call) -> Room:
    channel = call.needed("channel")
    room = _im(call, channel) if channel.startswith(("U", "W")) else _channel(call, channel)
    if room.is_im and not call.slack.app.messages_tab:
        raise SlackError("messages_tab_disabled")
    return room


def _im(call: Call, user: str) -> Room:
    if call.team.person(user) is None:
        raise SlackError("channel_not_found")
    return call.team.rooms.im(user)


def _channel(call: Call, channel: str) -> Room:
    room = call.team.rooms.find(channel)
    is_member = room is not None and call.team.workspace.bot_user_id in room.members
    if room is None or (room.is_private and not is_member):
        raise SlackError("channel_not_found")
    if not is_member and "chat:write.public" not in call.team.scopes:
        raise SlackError("not_in_channel")
    if room.archived:
        raise SlackError("is_archived")
    return room


def _own_post(call: Call, refusal: str) -> tuple[Room, Post]:
    room = call.team.rooms.find(call.needed("channel"))
    if room is None:
        raise SlackError("channel_not_found")
    post = room.find(call.needed("ts"))
    if post is None or post.only_for:
        raise SlackError("message_not_found")
    if not post.by_app:
        raise SlackError(refusal)
    return room, post


def _thread(call: Call, room: Room) -> str:
    thread_ts = call.text("thread_ts")
    if thread_ts and room.find(thread_ts) is None:
        raise SlackError("thread_not_found")
    return thread_ts


METHODS = {
    "chat.postMessage": Method(post_message, ("chat:write",)),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",)),
    "chat.update": Method(update, ("chat:write",), tier=3),
    "chat.getPermalink": Method(permalink),
    "chat.delete": Method(delete, ("chat:write",), tier=3),
}
