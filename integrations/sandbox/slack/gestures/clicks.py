"""Buttons, menus and inputs that tell the app at once, and menus that ask it for options."""

from integrations.sandbox.slack.blockkit.checks import Json, Problems, many
from integrations.sandbox.slack.blockkit.objects import (
    MOST_OPTIONS,
    OPTION,
    OPTION_GROUP,
    bare,
    offered_options,
)
from integrations.sandbox.slack.blockkit.values import Values, value_name
from integrations.sandbox.slack.errors import Impossible
from integrations.sandbox.slack.gestures.surface import Outcome, Surface, outcome_of
from integrations.sandbox.slack.payloads import action_json, interaction
from integrations.sandbox.slack.state import SlackState

DEFAULT_QUERY_LENGTH = 3
_OFFERED = many(OPTION, MOST_OPTIONS, least=0)
_OFFERED_GROUPS = many(OPTION_GROUP, 100, least=0)


async def act(
    slack: SlackState, surface: Surface, where: tuple[str, str], chosen: Json, state: Values
) -> Outcome:
    """Click or choose in the element at (block_id, action_id).

    `chosen` is the element's new state, {"selected_option"} for an overflow menu, {"value"} for
    feedback buttons and {} for a button; `state` is what stands in the other elements.
    """
    surface.put_in(state)
    block, element = surface.element(*where)
    if block["type"] == "input" and not block.get("dispatch_action"):
        raise Impossible(f"{element['action_id']} does not tell the app until it is submitted")
    if value_name(element["type"]):
        put_in_one(surface, where, chosen)
        chosen = surface.values[where[0]][where[1]]
    else:
        chosen = _checked_choice(element, chosen)
    answer = await slack.delivery.interaction(
        _payload(slack, surface, action_json(block, element, chosen))
    )
    slack.changes.announce("client")
    return outcome_of(answer)


def put_in_one(surface: Surface, where: tuple[str, str], chosen: Json) -> None:
    """Put a value into one element. Impossible when its menu never offered it."""
    _, element = surface.element(*where)
    if element["type"].endswith("external_select"):
        _check_offered(surface, element, chosen)
    surface.put_in({where[0]: {where[1]: {"type": element["type"], **chosen}}})


async def suggest(slack: SlackState, surface: Surface, where: tuple[str, str], typed: str) -> Json:
    """Ask the app for options: {"options"}, {"option_groups"} or {"error"}."""
    _, element = surface.element(*where)
    if not element["type"].endswith("external_select"):
        raise Impossible(f"{element['action_id']} has options of its own")
    if len(typed) < element.get("min_query_length", DEFAULT_QUERY_LENGTH):
        return {"options": []}
    person = surface.team.member(surface.user)
    payload = {
        **interaction(surface.team, person, "block_suggestion"),
        **surface.part(),
        "block_id": where[0],
        "action_id": where[1],
        "value": typed,
    }
    payload.pop("state", None)
    answer = await slack.delivery.interaction(payload)
    if answer.error:
        return {"error": answer.error}
    return _accepted_options(slack, surface, element, answer.json())


def _payload(slack: SlackState, surface: Surface, action: Json) -> Json:
    team, user = surface.team, surface.user
    payload = {
        **interaction(team, team.member(user), "block_actions"),
        **surface.part(),
        "trigger_id": slack.tickets.trigger(team.id, user, surface.channel),
        "actions": [action],
    }
    if surface.post is not None:
        payload["response_url"] = slack.response_url(
            team.id, user, surface.channel, surface.post.ts
        )
    return payload


def _checked_choice(element: Json, chosen: Json) -> Json:
    kind = element["type"]
    if kind == "overflow":
        option = chosen.get("selected_option")
        for offered in element["options"]:
            if bare(offered) == bare(option):
                return {"selected_option": offered}
        raise Impossible(f"{element['action_id']} has no such option")
    if kind == "feedback_buttons":
        for name in ("positive_button", "negative_button"):
            if element[name]["value"] == chosen.get("value"):
                return {"text": element[name]["text"], "value": element[name]["value"]}
        raise Impossible(f"{element['action_id']} has no such button")
    return {}


def _check_offered(surface: Surface, element: Json, chosen: Json) -> None:
    known = list(surface.offered.get(element["action_id"], ()))
    known += element.get("initial_options") or [element.get("initial_option")]
    options = chosen.get("selected_options") or [chosen.get("selected_option")]
    for option in options:
        if option is not None and bare(option) not in [bare(o) for o in known if o]:
            raise Impossible(f"{element['action_id']} was not offered {option.get('value')!r}")


def _accepted_options(
    slack: SlackState, surface: Surface, element: Json, body: Json | None
) -> Json:
    problems = Problems()
    if body is None or len(set(body) & {"options", "option_groups"}) != 1:
        problems.add("", "must provide either options or option_groups")
    elif "options" in body:
        _OFFERED(body["options"], "/options", problems)
    else:
        _OFFERED_GROUPS(body["option_groups"], "/option_groups", problems)
    if body is None or problems:
        slack.delivery.misused("block_suggestion", "; ".join(problems.texts()), body)
        return {"error": "invalid_options"}
    known = surface.offered.get(element["action_id"], [])
    surface.offered[element["action_id"]] = known + offered_options(body)
    return {name: body[name] for name in ("options", "option_groups") if name in body}
