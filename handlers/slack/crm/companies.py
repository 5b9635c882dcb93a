"""Which company is which account: chosen while one types, kept, changed and forgotten."""

from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click, Submission, Suggestion
from handlers.slack.kit.routing import Listeners
from services.crm import CrmQuery, Match
from services.errors import DomainError
from views.slack.crm import companies as views
from views.slack.followups.options import OPTIONS

OFFERED = 50


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    on.options(views.COMPANY.action_id, suggest)
    on.action(views.SHOW.action_id, show, at_once=True)
    on.action(views.ROW.action_id, change_or_forget, at_once=True)
    on.view(views.FORM, choose)


async def suggest(turn: Turn, asked: Suggestion) -> None:
    """The meeting's candidates before a letter is typed, else what fits, from our own index."""
    match = await _match(turn, asked)
    query = CrmQuery(asked.typed, ("account",), limit=OFFERED)
    hits = await turn.services.crm.index.search(turn.actor, query)
    candidates = () if asked.typed else match.candidates
    await turn.options(*views.offers(candidates, hits, await turn.language()))


async def show(turn: Turn, _: Click) -> None:
    """The choices that are kept, on top."""
    mappings = await turn.services.crm.matching.mappings(turn.actor)
    await turn.push(views.companies(mappings, await _crm(turn), await turn.member()))


async def change_or_forget(turn: Turn, click: Click) -> None:
    """Another account for a domain, or the domain matched anew."""
    what, domain = views.read_row(click.value)
    if what == views.CHANGE:
        await turn.push(views.company_form(domain, await _crm(turn), await turn.member()))
        return
    await turn.services.crm.matching.forget(turn.actor, domain)
    if click.view is not None:
        await _relist(turn, click.view.id)


async def choose(turn: Turn, form: Submission) -> None:
    """The choice is kept for everybody here; the list below shows it."""
    matching, chosen = turn.services.crm.matching, views.read_company(form.state)
    try:
        await matching.choose(turn.actor, form.view.private_metadata, chosen)
    except DomainError as error:
        block = form.state.block_of(views.COMPANY.action_id)
        await turn.errors({block: error.sentence(await turn.language())})
        return
    await turn.ack()
    await _relist(turn, form.view.previous_id)


async def _relist(turn: Turn, view_id: str) -> None:
    mappings = await turn.services.crm.matching.mappings(turn.actor)
    shown = views.companies(mappings, await _crm(turn), await turn.member())
    await turn.update(view_id, shown)


async def _crm(turn: Turn) -> str:
    crm = await turn.services.crm.access.of(turn.actor)
    return crm.name if crm else "CRM"


async def _match(turn: Turn, asked: Suggestion) -> Match:
    if asked.typed or asked.view is None or asked.view.callback_id != OPTIONS:
        return Match()
    recording_id = int(asked.view.private_metadata)
    meeting = await turn.services.meetings.find(turn.actor, recording_id)
    return await turn.services.crm.matching.of(turn.actor, meeting)
