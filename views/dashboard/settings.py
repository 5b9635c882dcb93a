"""The settings page: how pages look here, and who is signed in."""

import re
from dataclasses import dataclass

from services.admins import AdminSession
from views.dashboard.kit.blocks import (
    Cell,
    Check,
    Checks,
    Column,
    Crumb,
    Empty,
    PageButton,
    PageForm,
    Screen,
    Table,
    TableRow,
    Tone,
)
from views.dashboard.kit.fields import Field, SelectOption
from views.dashboard.kit.reader import PageReader
from views.words.dashboard import settings as say

PATH = "/admin/settings"
CHECKS = f"{PATH}/checks"
LANGUAGE, THEME, KEYS = "language", "theme", "keys"
LANGUAGES = (("en", "English"), ("it", "Italiano"))
# In this order: each of the later ones also calls itself by the names before it.
BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari", "curl")
NAMES = {"Edg": "Edge", "OPR": "Opera"}
SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS X", "Linux")


@dataclass(frozen=True, slots=True)
class SettingCheck:
    """What the doctor says of settings that were looked at together."""

    names: tuple[str, ...]
    tone: Tone
    words: str


def checks(found: tuple[SettingCheck, ...], reader: PageReader) -> Screen:
    """Every setting: what does not work comes first."""
    order = {"bad": 0, "good": 1, "quiet": 2}
    shown = sorted(found, key=lambda one: order.get(one.tone, 1))
    lines = tuple(Check(one.tone, ", ".join(one.names).upper(), one.words) for one in shown)
    wrong = sum(one.tone == "bad" for one in found)
    lead = reader(say.CHECKED_WRONG, n=wrong) if wrong else reader(say.CHECKED_FINE)
    again = PageButton(reader(say.CHECK_AGAIN), href=CHECKS)
    crumbs = (Crumb(reader(say.TITLE), PATH),)
    block = Checks(reader(say.CHECKS), lines)
    return Screen(reader(say.CHECKS), (block,), lead, crumbs=crumbs, actions=(again,))


def settings(
    sessions: tuple[AdminSession, ...], mine: str, looks: tuple[str, str, str], reader: PageReader
) -> Screen:
    """`mine` is the id of the session that asks; `looks` are language, colours and keys chosen."""
    rows = tuple(_row(one, mine, reader) for one in sessions)
    labels = (say.ADMIN, say.BROWSER, say.FROM, say.BEGAN, say.SEEN)
    table = Table(
        "sessions",
        reader(say.SESSIONS),
        (*(Column(reader(label)) for label in labels), Column("")),
        rows,
        Empty(reader(say.NOBODY)),
        note=reader(say.SESSIONS_NOTE),
    )
    doctor = PageButton(reader(say.CHECK), href=CHECKS)
    return Screen(reader(say.TITLE), (table, _looks(looks, reader)), actions=(doctor,))


def browser(agent: str, reader: PageReader) -> str:
    """What a user agent's line says to a person: `Firefox, Windows`."""
    known = next((one for one in BROWSERS if one in agent), "")
    system = next((one for one in SYSTEMS if one in agent), "").replace("Mac OS X", "macOS")
    name = NAMES.get(known, known) or re.split(r"[/ ]", agent)[0][:30]
    return ", ".join(filter(None, (name, system))) or reader(say.UNKNOWN_BROWSER)


def _row(one: AdminSession, mine: str, reader: PageReader) -> TableRow:
    named, seen_in = one.operator.name or one.operator.id, browser(one.device.agent, reader)
    end = PageButton(
        reader(say.END),
        f"{PATH}/sessions/{one.id}/end",
        name=reader(say.END_NAME, name=named, browser=seen_in),
    )
    way = say.WAYS.get(one.operator.kind)
    return TableRow(
        (
            Cell(named, note=reader(way) if way else one.operator.kind),
            Cell(seen_in),
            Cell(one.device.address or "–", mono=True),
            reader.since(one.began_at),
            reader.since(one.seen_at),
            Cell(reader(say.THIS_ONE), tone="info") if one.id == mine else Cell("", buttons=(end,)),
        )
    )


def _looks(looks: tuple[str, str, str], reader: PageReader) -> PageForm:
    language, theme, keys = looks
    follow = SelectOption("", reader(say.BROWSERS))
    themes = (SelectOption("light", reader(say.LIGHT)), SelectOption("dark", reader(say.DARK)))
    fields = (
        Field(LANGUAGE, reader(say.LANGUAGE), "select", language,
              choices=(follow, *(SelectOption(*one) for one in LANGUAGES))),
        Field(THEME, reader(say.THEME), "select", theme, choices=(follow, *themes)),
        Field(KEYS, reader(say.KEYS), "checkbox", keys),
    )  # fmt: skip
    return PageForm(
        f"{PATH}/looks", fields, reader(say.SAVE), reader(say.LOOKS), reader(say.LOOKS_LEAD)
    )
