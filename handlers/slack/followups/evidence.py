"""Evidence: what a draft claims, where it was said, and what its owner keeps."""

from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click, Submission
from handlers.slack.kit.routing import Listeners
from services.errors import Invalid
from views.slack.followups import editor, evidence, picker
from views.words import evidence as say


def register(on: Listeners) -> None:
    """Say which listener answers what."""
    on.action(evidence.SHOW.action_id, show)
    on.action(evidence.KEEP.action_id, keep)


async def show(turn: Turn, click: Click) -> None:
    """From the card as it stands; from the editor with what is typed there now."""
    if click.view is not None and click.view.callback_id == editor.EDITOR:
        try:
            edits = editor.read_edits(click.state)
            await turn.services.followups.drafts.edit(turn.actor, click.value, edits)
        except Invalid as error:
            await turn.ack()
            followup = await turn.services.followups.drafts.see(turn.actor, click.value)
            wrong = editor.editor(followup, await turn.member(), wrong=error)
            await turn.update(click.view.id, wrong)
            return
    await turn.ack()
    await show_claims(turn, click, click.value)


async def keep(turn: Turn, click: Click) -> None:
    """Its owner stands by a claim: the same view without it, and the card as well."""
    followup_id, claim_id = evidence.read_keep(click.value)
    followup = await turn.services.followups.claims.keep(turn.actor, followup_id, claim_id)
    await turn.ack()
    # Once nothing is left, the view says how to go on.
    await show_claims(turn, click, followup_id, is_blocked=not followup.not_heard)
    await turn.services.followups.drafts.show(followup_id)


async def show_blocked(turn: Turn, form: Submission, followup_id: str) -> None:
    """In the place of a form whose actions did not begin because of claims."""
    member = await turn.member()
    await turn.replace(picker.loading(member.language, say.TITLE(member.language)))
    await turn.services.followups.drafts.closed(turn.actor, followup_id, form.view.id)
    seen = await turn.services.followups.claims.see(turn.actor, followup_id)
    await turn.update(form.view.id, evidence.evidence(seen, member, is_blocked=True))


async def show_claims(
    turn: Turn, click: Click, followup_id: str, *, is_blocked: bool = False
) -> None:
    """The claims where the click was: in its modal, or from a card in a new one.

    `is_blocked`: an action was asked for, and did not begin because of them.
    """
    member = await turn.member()
    if click.view is None:
        waiting = picker.loading(member.language, say.TITLE(member.language))
        view_id = (await turn.open(waiting)).id
    else:
        # Progress of the follow-up must not overwrite it.
        view_id = click.view.id
        await turn.services.followups.drafts.closed(turn.actor, followup_id, view_id)
    seen = await turn.services.followups.claims.see(turn.actor, followup_id)
    await turn.update(view_id, evidence.evidence(seen, member, is_blocked=is_blocked))
