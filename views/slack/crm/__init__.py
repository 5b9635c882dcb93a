"""The CRM's connection: its state and buttons, and the form for its keys."""

from dataclasses import dataclass

from pydantic import TypeAdapter

from services.connections import CRM, CRMS, CRONO, HUBSPOT, MEMBER_KEYS, ConnectionHealth
from services.crm import CrmVendor
from services.people import Member
from views.kit import blocks as kit
from views.kit.controls import Button, Text
from views.kit.state import State
from views.kit.text import bold, escape
from views.slack.crm.companies import SHOW
from views.words import common
from views.words import connections as said
from views.words import crm as say

FORM = "crm.form"
TESTING = "crm.testing"

ASK_CRONO = Button("crm.ask_keys_crono")
ASK_HUBSPOT = Button("crm.ask_keys_hubspot")
ASK_KEYS = {CRONO: ASK_CRONO, HUBSPOT: ASK_HUBSPOT}
ASK_OWN_KEYS = Button("crm.ask_own_keys")
DISCONNECT = Button("crm.disconnect")
FORGET_OWN_KEYS = Button("crm.forget_own_keys")
FIRST_KEY = Text("crm.key_1", limit=400)
SECOND_KEY = Text("crm.key_2", limit=400)
KEYS = (FIRST_KEY, SECOND_KEY)


@dataclass(frozen=True, slots=True)
class KeysWanted:
    """What the form is for; it travels with it."""

    vendor: str
    own: bool = False


WANTED: TypeAdapter[KeysWanted] = TypeAdapter(KeysWanted)


def connection(health: ConnectionHealth, language: str) -> list[kit.Block]:
    """The CRM with its state, and what can be done about it."""
    name = said.VENDORS[health.vendor]
    head = f"{bold(name)} — {said.OF_CRM(language)}"
    if health.vendor == CRM:
        row = [
            ASK_KEYS[one].draw(say.CONNECT(language, crm=said.VENDORS[one]), one) for one in CRMS
        ]
        text = f"{head}\n{said.NOT_CONNECTED(language)}"
        return [kit.section(text), kit.actions(*row), kit.context(say.BY_ADMIN(language))]
    text = f"{head}\n{_state(health, name, language)}"
    return [
        kit.section(text),
        kit.actions(*_buttons(health, language), block_id="connections.crm"),
        *_facts(health, language),
    ]


def form(
    wanted: KeysWanted,
    vendor: CrmVendor,
    member: Member,
    *,
    instead_of: str = "",
    typed: tuple[str, ...] = (),
    problem: str = "",
) -> kit.View:
    """Asks for the keys; after refused ones it says why and keeps what was typed."""
    language = member.language
    intro = say.FORM_OWN if wanted.own else say.FORM_INTRO
    blocks = [kit.section(intro(language, crm=vendor.name))]
    if instead_of:
        old = said.VENDORS[instead_of]
        blocks.append(kit.section(say.FORM_SWITCH(language, crm=vendor.name, old=old)))
    if problem:
        blocks.append(kit.section(f":warning: {escape(problem)}"))
    given = (*typed, *[""] * len(KEYS))
    for key, field, words in zip(KEYS, vendor.fields, given, strict=False):
        blocks.append(key.draw(field.label(language), words, hint=field.hint(language)))
    return kit.modal(
        FORM,
        say.TITLE(language),
        blocks,
        submit=common.SAVE(language),
        close=common.CANCEL(language),
        metadata=WANTED.dump_json(wanted).decode(),
    )


def read_wanted(metadata: str) -> KeysWanted:
    """What the form is for."""
    return WANTED.validate_json(metadata)


def read_keys(state: State, vendor: CrmVendor) -> tuple[str, ...]:
    """What was typed, as many as the CRM has keys."""
    return tuple(key.read(state) for key, _ in zip(KEYS, vendor.fields, strict=False))


def block_of(state: State, vendor: CrmVendor, field: str) -> str:
    """The block of the field with this name: where an error is shown."""
    names = [one.id for one in vendor.fields]
    at = names.index(field) if field in names else 0
    return state.block_of(KEYS[at].action_id)


def testing(name: str, member: Member) -> kit.View:
    """Shown while the keys are tried."""
    language = member.language
    text = f":hourglass_flowing_sand: {say.TESTING(language, crm=name)}"
    return _told(text, language)


def saved(name: str, member: Member, *, own: bool) -> kit.View:
    """The keys work and are kept."""
    language = member.language
    told = say.SAVED_OWN if own else say.SAVED
    return _told(f":white_check_mark: {told(language, crm=name)}", language)


def _told(text: str, language: str) -> kit.View:
    blocks = [kit.section(text)]
    return kit.modal(TESTING, say.TITLE(language), blocks, close=common.CLOSE(language))


def _buttons(health: ConnectionHealth, language: str) -> list[kit.Element]:
    vendor = health.vendor
    buttons = [ASK_KEYS[vendor].draw(say.CHANGE(language), vendor)]
    if health.own:
        question = kit.confirm(
            f"{say.FORGET_MINE(language)}?",
            say.SURE_MINE(language),
            say.FORGET_MINE(language),
            common.KEEP(language),
        )
        buttons.append(FORGET_OWN_KEYS.draw(say.FORGET_MINE(language), confirm=question))
    elif vendor in MEMBER_KEYS:
        buttons.append(ASK_OWN_KEYS.draw(say.MY_KEYS(language), vendor))
    for other in CRMS:
        if other != vendor:
            label = say.SWITCH(language, crm=said.VENDORS[other])
            buttons.append(ASK_KEYS[other].draw(label, other))
    buttons.append(SHOW.draw(say.COMPANIES(language)))
    if health.since is not None:
        question = kit.confirm(
            f"{say.DISCONNECT(language)}?",
            say.SURE(language),
            say.DISCONNECT(language),
            common.KEEP(language),
        )
        buttons.append(DISCONNECT.draw(say.DISCONNECT(language), confirm=question))
    return buttons


def _state(health: ConnectionHealth, name: str, language: str) -> str:
    if not health.connected:
        return say.FAILING(language, crm=name)
    index = health.index
    if index is None or index.filled:
        return said.CONNECTED(language)
    if not index.total:
        return say.READING_BEGINS(language)
    return say.READING(language, done=index.done, total=index.total)


def _facts(health: ConnectionHealth, language: str) -> list[kit.Block]:
    facts = []
    if health.index is not None and health.index.filled:
        facts.append(say.INDEXED(language, total=health.index.total))
    if health.own:
        facts.append(say.OWN_KEYS(language))
    elif health.account:
        facts.append(say.BY(language, member=health.account))
    return [kit.context(" · ".join(facts))] if facts else []
