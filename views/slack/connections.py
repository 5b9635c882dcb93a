"""Connections and their health, the Fathom key's modal, and the messages about Gmail."""

from services.connections import FATHOM, GOOGLE, ConnectionHealth
from services.people import Member
from services.phrases import Phrase
from views.kit import blocks as kit
from views.kit.controls import Button, Text
from views.kit.state import State
from views.kit.text import bold, escape
from views.slack import crm
from views.words import common
from views.words import connections as say

OVERVIEW = "connections.overview"
GMAIL_LINK = "connections.gmail_link"
FATHOM_FORM = "connections.fathom_form"
FATHOM_TESTING = "connections.fathom_testing"

CONNECT_FATHOM = Button("connections.connect_fathom")
CONNECT_GMAIL = Button("connections.connect_gmail")
OTHER_ACCOUNT = Button("connections.other_account")
DISCONNECT = Button("connections.disconnect")
KEY = Text("connections.fathom_key", limit=400)
OPEN_LINK = "connections.open_link"


def overview(health: tuple[ConnectionHealth, ...], member: Member, link: str = "") -> kit.View:
    """Every connection with its state and what can be done about it.

    `link`: the personal link to connect Gmail, once it was asked for.
    """
    language = member.language
    blocks = [
        kit.section(say.INTRO(language)),
        kit.divider(),
        *connection_blocks(health, language, link),
    ]
    return kit.modal(OVERVIEW, say.TITLE(language), blocks, close=common.CLOSE(language))


def connection_blocks(
    health: tuple[ConnectionHealth, ...], language: str, link: str = ""
) -> list[kit.Block]:
    """Each connection with its state and buttons; in the place of Gmail's the link, if any."""
    return [
        block
        for one in health
        for block in _connection(one, language, link if one.vendor == GOOGLE else "")
    ]


def fathom_form(
    member: Member, *, typed: str = "", problem: str = "", ticket: str = ""
) -> kit.View:
    """Asks for the key; after a refused one it says why and keeps what was typed.

    `ticket`: the page of meetings to go on to.
    """
    language = member.language
    field = KEY.draw(say.FATHOM_KEY(language), typed, hint=say.FATHOM_HINT(language))
    notice = [kit.section(f":warning: {escape(problem)}")] if problem else []
    return kit.modal(
        FATHOM_FORM,
        say.FATHOM_TITLE(language),
        [*notice, field],
        submit=common.SAVE(language),
        close=common.CANCEL(language),
        metadata=ticket,
    )


def fathom_testing(member: Member) -> kit.View:
    """Shown while the key is tried."""
    text = kit.section(f":hourglass_flowing_sand: {say.TESTING(member.language)}")
    title = say.FATHOM_TITLE(member.language)
    return kit.modal(FATHOM_TESTING, title, [text], close=common.CLOSE(member.language))


def fathom_saved(member: Member) -> kit.View:
    """The key works and is kept."""
    text = kit.section(f":white_check_mark: {say.FATHOM_SAVED(member.language)}")
    title = say.FATHOM_TITLE(member.language)
    return kit.modal(FATHOM_TESTING, title, [text], close=common.CLOSE(member.language))


def read_key(state: State) -> str:
    """The key that was typed."""
    return KEY.read(state)


def gmail_link(url: str, member: Member, account: str) -> kit.Message:
    """The personal link to connect Gmail."""
    return kit.message(say.GMAIL_LINK(member.language), *_link_blocks(url, member, account))


def gmail_link_view(url: str, member: Member) -> kit.View:
    """The same in place of the modal that asked for it."""
    language = member.language
    blocks = _link_blocks(url, member, "")
    return kit.modal(
        GMAIL_LINK, common.CONNECT_GMAIL(language), blocks, close=common.CLOSE(language)
    )


def gmail_followed(language: str) -> kit.Message:
    """The link was followed: it goes on in the browser, and the button is of no more use here."""
    text = say.GMAIL_FOLLOWED(language)
    again = CONNECT_GMAIL.draw(say.NEW_LINK(language))
    return kit.message(text, kit.section(text), kit.actions(again))


def gmail_connected(account: str, language: str, warnings: tuple[str, ...] = ()) -> kit.Message:
    """It worked; if it may be the wrong mailbox, why, and the way to another."""
    text = say.GMAIL_CONNECTED(language, account=escape(account))
    if not warnings:
        return kit.message(text, kit.section(text))
    doubts = "\n".join(f":warning: {escape(warning)}" for warning in warnings)
    other = OTHER_ACCOUNT.draw(say.CHANGE_ACCOUNT(language))
    return kit.message(text, kit.section(text), kit.section(doubts), kit.actions(other))


def gmail_expired(language: str) -> kit.Message:
    """The grant died; one button to make a new one."""
    text = say.GMAIL_EXPIRED(language)
    button = CONNECT_GMAIL.draw(common.CONNECT_GMAIL(language), style="primary")
    return kit.message(text, kit.section(text), kit.actions(button))


def gmail_disconnected(account: str, language: str) -> kit.Message:
    """What `/gmail-connect disconnect` answers."""
    told = say.GMAIL_DISCONNECTED(language, account=escape(account))
    text = told if account else say.GMAIL_WAS_NOT(language)
    return kit.message(text, kit.section(text))


def gmail_button(
    url: str, language: str, value: str = "", *, style: str | None = None
) -> kit.Element:
    """The personal link; `value` is the follow-up that goes on afterwards, if one does."""
    label = common.CONNECT_GMAIL(language)
    return kit.link_button(OPEN_LINK, label, url, value, style=style)


def connect_button(vendor: str, language: str, ticket: str = "") -> kit.Element | None:
    """The button that makes a missing connection, if the member can.

    `ticket` says which page of meetings the person was on the way to.
    """
    if vendor == FATHOM:
        return CONNECT_FATHOM.draw(common.CONNECT_FATHOM(language), ticket, style="primary")
    if vendor == GOOGLE:
        return CONNECT_GMAIL.draw(common.CONNECT_GMAIL(language), style="primary")
    return None


def _link_blocks(url: str, member: Member, account: str) -> tuple[kit.Block, ...]:
    language = member.language
    notes = [say.GMAIL_LINK_LIFE(language)]
    if account:
        notes.append(say.GMAIL_ALREADY(language, account=escape(account)))
    row = kit.actions(gmail_button(url, language, style="primary"))
    return (kit.section(say.GMAIL_LINK(language)), row, kit.context(*notes))


def _connection(connection: ConnectionHealth, language: str, link: str) -> list[kit.Block]:
    vendor = connection.vendor
    if vendor not in (FATHOM, GOOGLE):
        return crm.connection(connection, language)
    head = f"{bold(say.VENDORS[vendor])} — {say.PURPOSE[vendor](language)}"
    text = f"{head}\n{_state(connection, language)}"
    if link:
        row = kit.actions(gmail_button(link, language, style="primary"))
        return [kit.section(text), row, kit.context(say.GMAIL_LINK_LIFE(language))]
    connect = CONNECT_FATHOM if vendor == FATHOM else CONNECT_GMAIL
    buttons = [connect.draw(_connect_label(connection)(language))]
    if connection.since is not None:
        sure = say.SURE_FATHOM if vendor == FATHOM else say.SURE_GOOGLE
        question = kit.confirm(
            f"{say.DISCONNECT(language)}?",
            sure(language),
            say.DISCONNECT(language),
            common.KEEP(language),
        )
        label_text = say.DISCONNECT(language)
        buttons.append(DISCONNECT.draw(label_text, vendor, confirm=question))
    return [kit.section(text), kit.actions(*buttons, block_id=f"connections.{vendor}")]


def _connect_label(connection: ConnectionHealth) -> Phrase:
    if connection.connected:
        return say.CHANGE if connection.vendor == FATHOM else say.CHANGE_ACCOUNT
    return say.RECONNECT if connection.since else say.CONNECT


def _state(connection: ConnectionHealth, language: str) -> str:
    if connection.connected and connection.account:
        return say.CONNECTED_AS(language, account=escape(connection.account))
    if connection.connected:
        return say.CONNECTED(language)
    return (say.EXPIRED if connection.since else say.NOT_CONNECTED)(language)
