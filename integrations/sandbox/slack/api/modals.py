"""views.*: modals and the home tab."""

from integrations.sandbox.slack.api.call import Call, Method, missing
from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.tickets import Trigger
from integrations.sandbox.slack.views import View, checked_view


def open_view(call: Call) -> Json:
    """views.open: the trigger is spent only when the view is good."""
    return _put_on_top(call, pushed=False)


def push_view(call: Call) -> Json:
    """views.push: onto a modal that is open."""
    return _put_on_top(call, pushed=True)


def update_view(call: Call) -> Json:
    """views.update by view_id or external_id; not_found once the person has closed it."""
    raw = _given_view(call)
    view = _found(call)
    content = checked_view(raw, view.kind)
    call.team.views.redraw(view, content, call.text("hash") or None)
    return _drawn(call, view)


def publish_view(call: Call) -> Json:
    """views.publish: one home tab per person."""
    user = call.needed("user_id")
    content = checked_view(_given_view(call), "home")
    if call.team.person(user) is None:
        raise SlackError("user_not_found")
    if not call.slack.app.home_tab:
        raise SlackError("not_enabled")
    # An empty one is a hash too, and nobody's (slack-go/slack#1462).
    given = call.text("hash") if "hash" in call.arguments else None
    view = call.team.views.publish(user, content, given)
    return _drawn(call, view)


def _put_on_top(call: Call, *, pushed: bool) -> Json:
    trigger_id = call.needed("trigger_id")
    content = checked_view(_given_view(call), "modal")
    trigger: Trigger = call.slack.tickets.judge(trigger_id, call.team.id)
    if pushed and not call.team.views.stack(trigger.user):
        raise SlackError("not_found")
    view = call.team.views.put_on_top(trigger.user, content, channel=trigger.channel, pushed=pushed)
    trigger.used = True
    return _drawn(call, view)


def _given_view(call: Call) -> object:
    view: object = call.arguments.get("view")
    if not view:
        raise missing("view")
    return view


def _found(call: Call) -> View:
    views = call.team.views
    if call.text("view_id"):
        view = views.find(call.text("view_id"))
    else:
        view = views.find_external(call.needed("external_id"))
    if view is None:
        raise SlackError("not_found")
    return view


def _drawn(call: Call, view: View) -> Json:
    call.slack.changes.announce("client")
    return {"view": call.team.views.as_json(view, with_values=False)}


METHODS = {
    "views.open": Method(open_view),
    "views.push": Method(push_view),
    "views.update": Method(update_view),
    "views.publish": Method(publish_view),
}
