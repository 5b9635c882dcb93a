"""Users in Slack: the command's form and preview, receipts, and what the ops channel is told."""

from services.email_address import MAX_EMAIL
from services.ops import Proposal
from services.people import Member
from services.phrases import Phrase, Plural
from services.users import Discrepancy, Reconciliation, TypedUser, User, UserPreview
from views.kit import blocks as kit
from views.kit.controls import Button, Text
from views.kit.state import State
from views.kit.text import bold, escape, fit, name, time
from views.words import common
from views.words import ops as words
from views.words import users as say

FORM = "users.form"
EMAIL = Text("users.email", limit=MAX_EMAIL)
CREDITS = Text("users.credits", limit=12)
LIMIT = Text("users.limit", limit=12)
FIELDS = {"email": EMAIL.action_id, "credits": CREDITS.action_id, "limit": LIMIT.action_id}
CONFIRM = Button("users.confirm")
WITHDRAW = Button("users.withdraw")
AGAIN = Button("users.again")
NEW_KEY = Button("users.new_key")
REBALANCE = Button("users.rebalance")
MEND = {"failed": AGAIN, "key_gone": NEW_KEY, "balance": REBALANCE}
# Two blocks each, of the fifty that Slack takes.
MOST_LEFT = 15
REASON = 300


def form(channel_id: str, member: Member) -> kit.View:
    """One user; it remembers the channel it was opened in."""
    language = member.language
    blocks = [
        EMAIL.draw(say.EMAIL(language)),
        CREDITS.draw(say.CREDITS(language), hint=say.CREDITS_HINT(language), optional=True),
        LIMIT.draw(say.LIMIT(language), hint=say.LIMIT_HINT(language), optional=True),
    ]
    return kit.modal(
        FORM,
        say.FORM_TITLE(language),
        blocks,
        submit=say.SHOW_PREVIEW(language),
        close=common.CANCEL(language),
        metadata=channel_id,
    )


def read_form(state: State) -> TypedUser:
    """What the form holds."""
    return TypedUser(EMAIL.read(state), CREDITS.read(state), LIMIT.read(state))


def preview(of: UserPreview, proposal: Proposal, language: str) -> kit.Message:
    """What a yes would do, with the yes and the no."""
    buttons = kit.actions(
        CONFIRM.draw(say.CONFIRM(language), proposal.id, style="primary"),
        WITHDRAW.draw(common.CANCEL(language), proposal.id),
    )
    ends = words.PREVIEW_ENDS(language, time=time(proposal.expires_at))
    text = say.PREVIEW(language)
    return kit.message(text, *_facts(of, text, language), buttons, kit.context(ends))


def dry_run(of: UserPreview, language: str) -> kit.Message:
    """The same facts, and that nothing was done."""
    text = words.NOTHING_DONE(language)
    return kit.message(text, *_facts(of, say.DRY_RUN(language), language), kit.context(text))


def started(language: str) -> kit.Message:
    """In place of the preview, once it was confirmed."""
    text = say.STARTED(language)
    return kit.message(text, kit.section(text))


def receipt(of: User, credits: int, language: str) -> tuple[kit.Block, ...]:
    """What the user has, on the card of the provisioning that is over."""
    text = say.RECEIPT(
        language, email=name(of.email), credits=credits, limit=of.key_limit, user=of.id
    )
    return (kit.section(text),)


def looking(language: str) -> kit.Message:
    """The reconciler was asked."""
    text = say.LOOKING(language)
    return kit.message(text, kit.section(text))


def reconciled(found: Reconciliation, language: str) -> kit.Message:
    """What was mended, and a button for each thing that is left."""
    counts = (
        (say.RESTARTED, found.restarted),
        (say.REVIVED, found.revived),
        (say.ADOPTED, found.adopted),
        (say.REVOKED, found.revoked),
        (say.BEHIND, found.behind),
    )
    title = say.RECONCILED(language)
    lines = [_count(phrase, n, language) for phrase, n in counts if n]
    if found.incomplete:
        reason = escape(fit(found.incomplete, REASON))
        lines.append(f":warning: {say.INCOMPLETE(language, reason=reason)}")
    if not lines and not found.left:
        lines.append(f":white_check_mark: {say.ALL_WELL(language)}")
    blocks = [kit.section("\n".join([bold(title), *lines]))]
    for one in found.left[:MOST_LEFT]:
        blocks += _left(one, language)
    if (more := len(found.left) - MOST_LEFT) > 0:
        blocks.append(kit.context(say.MORE_LEFT(language, more)))
    return kit.message(title, *blocks)


def mended(email: str, language: str) -> kit.Message:
    """A button of that card was pressed."""
    text = say.MENDED(language, email=name(email))
    return kit.message(text, kit.section(text))


def same_mailbox(email: str, language: str) -> kit.Message:
    """A second address of one mailbox."""
    return _notice(say.SAME_MAILBOX, language, email=name(email))


def profiles_not_written(problem: str, language: str) -> kit.Message:
    """Supabase does not let us write; `problem` is its own code."""
    return _notice(say.NOT_MIRRORED, language, problem=escape(problem))


def openrouter_empty(language: str) -> kit.Message:
    """OpenRouter wants money."""
    return _notice(say.EMPTY, language)


def _notice(phrase: Phrase, language: str, **values: str) -> kit.Message:
    text = f":warning: {phrase(language, **values)}"
    return kit.message(text, kit.section(text))


def _facts(of: UserPreview, title: str, language: str) -> tuple[kit.Block, ...]:
    known = say.USER_NEW(language)
    if of.known is not None:
        known = say.USER_KNOWN(language, status=say.STATUSES[of.known.status](language))
    rows = [f"{bold(say.USER(language))}: {name(of.new.email)} ({known})"]
    if of.known is None:
        rows.append(f"{bold(say.CREDITS(language))}: {of.credits}")
        rows.append(f"{bold(say.KEY(language))}: {say.KEY_LIMIT(language, limit=of.limit)}")
    return (kit.section(bold(title)), kit.section("\n".join(rows)))


def _left(one: Discrepancy, language: str) -> list[kit.Block]:
    who, reason = name(one.email or one.user_id), escape(fit(one.reason, REASON))
    text = say.LEFT[one.kind](language, email=who, reason=reason)
    button = MEND[one.kind].draw(say.MEND[one.kind](language), one.user_id)
    return [kit.section(f"• {text}"), kit.actions(button)]


def _count(phrase: Plural, n: int, language: str) -> str:
    return f":wrench: {phrase(language, n)}."
