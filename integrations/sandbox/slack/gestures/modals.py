"""Submitting and closing modals."""

from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.blockkit.values import Values, current_value, invalid_inputs
from integrations.sandbox.slack.deliver_http import Answer
from integrations.sandbox.slack.errors import Impossible, SlackError
from integrations.sandbox.slack.gestures.surface import Outcome, Surface, outcome_of
from integrations.sandbox.slack.payloads import interaction
from integrations.sandbox.slack.state import SlackState, Team
from integrations.sandbox.slack.views import View, checked_view

_ACTIONS = ("errors", "update", "push", "clear")


async def submit(slack: SlackState, surface: Surface, state: Values) -> Outcome:
    """Press the submit button of the topmost modal."""
    view = _topmost(surface)
    if not view.content.get("submit"):
        raise Impossible("this modal has no submit button")
    surface.put_in(state)
    errors = invalid_inputs(view.blocks, view.values)
    if errors:
        return Outcome(False, errors=errors)
    team = surface.team
    payload = {
        **interaction(team, team.member(view.user), "view_submission"),
        "view": team.views.as_json(view, with_values=True),
        "trigger_id": slack.tickets.trigger(team.id, view.user, view.channel),
        "response_urls": _response_urls(slack, team, view),
    }
    answer = await slack.delivery.interaction(payload)
    outcome = outcome_of(answer) if answer.error else _obey(slack, surface, view, answer)
    slack.changes.announce("client")
    return outcome


async def close(slack: SlackState, surface: Surface, *, everything: bool) -> Outcome:
    """Close the topmost modal, or the whole stack."""
    view = _topmost(surface)
    views, team = surface.team.views, surface.team
    cleared = everything or bool(view.content.get("clear_on_close"))
    if cleared:
        closed = views.close_all(view.user)
    else:
        views.close(view)
        closed = [view]
    slack.changes.announce("client")
    outcome = Outcome()
    for gone in closed:
        if gone.content.get("notify_on_close"):
            payload = {
                **interaction(team, team.member(view.user), "view_closed"),
                "view": views.as_json(gone, with_values=True),
                "is_cleared": cleared,
            }
            outcome = outcome_of(await slack.delivery.interaction(payload))
    return outcome


def _topmost(surface: Surface) -> View:
    view = surface.view
    if view is None or view.kind != "modal":
        raise Impossible("this is no modal")
    if surface.team.views.stack(view.user)[-1] is not view:
        raise Impossible("another modal lies on top of this one")
    return view


def _obey(slack: SlackState, surface: Surface, view: View, answer: Answer) -> Outcome:
    body = answer.json()
    action = (body or {}).get("response_action")
    try:
        if body is None or (action is None and body) or (action and action not in _ACTIONS):
            raise SlackError("invalid_response_action")
        if action == "errors":
            return Outcome(False, answer.ms, errors=_checked_errors(view, body.get("errors")))
        _apply(surface.team, view, str(action or ""), body.get("view"))
    except SlackError as refusal:
        problem = f"{refusal.code} {refusal.extra or ''}".strip()
        slack.delivery.misused("view_submission", problem, body)
        return Outcome(False, answer.ms, refusal.code)
    return outcome_of(answer)


def _apply(team: Team, view: View, action: str, shown: Json | None) -> None:
    if action == "clear":
        team.views.close_all(view.user)
    elif action == "update":
        team.views.redraw(view, checked_view(shown, "modal", "invalid_view"))
    elif action == "push":
        content = checked_view(shown, "modal", "invalid_view")
        team.views.put_on_top(view.user, content, channel=view.channel, pushed=True)
    else:
        team.views.close(view)


def _checked_errors(view: View, errors: object) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_errors")
    for block_id, text in errors.items():
        if block_id not in inputs:
            raise SlackError("invalid_errors", unknown_block_id=block_id)
        if not isinstance(text, str) or not text:
            raise SlackError("invalid_errors", empty_text_for=block_id)
    return errors


def _response_urls(slack: SlackState, team: Team, view: View) -> list[Json]:
    urls: list[Json] = []
    for block in view.blocks:
        element = block.get("element", {})
        if block["type"] == "input" and element.get("response_url_enabled"):
            channel = current_value(view.values, block["block_id"], element)
            if channel:
                url = slack.response_url(team.id, view.user, channel)
                urls.append(
                    {
                        "block_id": block["block_id"],
                        "action_id": element["action_id"],
                        "channel_id": channel,
                        "response_url": url,
                    }
                )
    return urls
