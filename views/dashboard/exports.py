"""Exports that take long: the offer to make one, and its page."""

from services.reports import ExportFile
from views.dashboard.kit.addresses import Address
from views.dashboard.kit.blocks import Callout, PageButton, PageForm, Screen
from views.dashboard.kit.reader import PageReader
from views.dashboard.report_parts import EXPORTS
from views.words.dashboard import exports as say

FILES = f"{EXPORTS}/files"


def offer(name: str, at: Address, reader: PageReader) -> Screen:
    """More rows than are made while one waits: a form that begins the job, with the filters."""
    form = PageForm(at.other(f"{EXPORTS}/{name}"), (), reader(say.START), lead=reader(say.MANY))
    return Screen(reader(say.TITLE), (form,))


def file(found: ExportFile, reader: PageReader) -> Screen:
    """How far it is."""
    here = f"{FILES}/{found.id}"
    if found.size is not None:
        rows = reader.number(found.rows or 0)
        button = PageButton(reader(say.DOWNLOAD), href=f"{here}/download", style="primary")
        callout = Callout("good", reader(say.READY, rows=rows), button)
    elif found.state == "running":
        callout = Callout("info", reader(say.RUNNING), PageButton(reader(say.AGAIN), href=here))
    else:
        callout = Callout("bad", found.problem or reader(say.STOPPED))
    return Screen(reader(say.TITLE), (callout,), reader(say.LEAD, name=found.name))
