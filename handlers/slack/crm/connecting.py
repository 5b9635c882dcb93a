"""Connecting the workspace's CRM: its keys are asked for, tried and kept."""

from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import HOME, Click, Submission
from handlers.slack.kit.routing import Listeners
from services.connections import EVERYBODY
from services.crm import CrmVendor, NewKeys, read_keys
from services.errors import DomainError, Invalid
from views.slack import connections as connection_views
from views.slack import crm as views


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    for button in views.ASK_KEYS.values():
        on.action(button.action_id, ask_keys, at_once=True)
    on.action(views.ASK_OWN_KEYS.action_id, ask_own_keys, at_once=True)
    on.action(views.DISCONNECT.action_id, disconnect, at_once=True)
    on.action(views.FORGET_OWN_KEYS.action_id, forget_own_keys, at_once=True)
    on.view(views.FORM, save_keys)


async def ask_keys(turn: Turn, click: Click) -> None:
    """The form for everybody's keys; only an admin gets it."""
    await _ask(turn, views.KeysWanted(click.value))


async def ask_own_keys(turn: Turn, click: Click) -> None:
    """The form for keys of one's own."""
    await _ask(turn, views.KeysWanted(click.value, own=True))


async def save_keys(turn: Turn, form: Submission) -> None:
    """Try the keys while a waiting view shows; refused ones come back with the reason."""
    wanted, member = views.read_wanted(form.view.private_metadata), await turn.member()
    vendor = turn.services.crm.access.vendor(wanted.vendor)
    typed = views.read_keys(form.state, vendor)
    try:
        read_keys(vendor, typed)
    except Invalid as error:
        block = views.block_of(form.state, vendor, error.field)
        await turn.errors({block: error.sentence(member.language)})
        return
    await turn.replace(views.testing(vendor.name, member))
    try:
        new = NewKeys(wanted.vendor, typed, own=wanted.own)
        await turn.services.crm.connecting.save(turn.actor, new)
    except DomainError as error:
        problem = error.sentence(member.language)
        again = views.form(wanted, vendor, member, typed=typed, problem=problem)
        await turn.update(form.view.id, again)
        return
    await turn.update(form.view.id, views.saved(vendor.name, member, own=wanted.own))
    await turn.services.home.changed(turn.actor)


async def disconnect(turn: Turn, click: Click) -> None:
    """Everybody's keys are deleted; the overview shows it."""
    await turn.services.crm.connecting.disconnect(turn.actor, own=False)
    await _show(turn, click)


async def forget_own_keys(turn: Turn, click: Click) -> None:
    """One's own keys are deleted; the overview shows it."""
    await turn.services.crm.connecting.disconnect(turn.actor, own=True)
    await _show(turn, click)


async def _ask(turn: Turn, wanted: views.KeysWanted) -> None:
    connecting = turn.services.crm.connecting
    vendor = await connecting.form(turn.actor, wanted.vendor, own=wanted.own)
    instead_of = await _replaced(turn, vendor)
    await turn.push(views.form(wanted, vendor, await turn.member(), instead_of=instead_of))


async def _replaced(turn: Turn, vendor: CrmVendor) -> str:
    stored = await turn.services.crm.connecting.stored(turn.actor)
    known = stored is not None and stored.member_id == EVERYBODY
    return stored.vendor if stored and known and stored.vendor != vendor.id else ""


async def _show(turn: Turn, click: Click) -> None:
    if click.view is not None and click.view.kind == HOME:
        await turn.services.home.refresh(turn.actor)
        return
    if click.view is not None:
        health = await turn.services.connections.accounts.health(turn.actor)
        await turn.update(click.view.id, connection_views.overview(health, await turn.member()))
    await turn.services.home.changed(turn.actor)
