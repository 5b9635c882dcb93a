"""Licenses in bulk in Slack: the form, the preview, the message that counts along, bad lines."""

from services.bulk import Progress
from services.bulk_csv import COLUMNS
from services.bulk_lines import Line, Preview
from services.bulk_uploads import Upload
from services.members import Member
from services.proposals import Proposal
from views.slack import blocks as kit
from views.slack.controls import Button, Choice, FileField, Radio, Text
from views.slack.licenses import CONFIRM, NO, WITHDRAW, YES
from views.slack.state import State
from views.slack.text import bold, escape, fit, name, time
from views.words import common
from views.words import licenses as say
from views.words import ops as words

FORM = "licenses.bulk_form"
READING = "licenses.bulk_reading"
BAD = "licenses.bulk_bad"
FILE = FileField("licenses.bulk_file", ("csv",))
PASTED = Text("licenses.bulk_pasted", multiline=True)
SEND_EMAILS = Radio("licenses.bulk_send_email")
SHOW_BAD = Button("licenses.bulk_show_bad")

FEW = 10
# Slack takes 100 blocks in a view and 3,000 characters in each.
MOST = 2_000
MOST_BLOCKS = 95
BAR = 20


def form(channel_id: str, member: Member, *, problem: str = "") -> kit.View:
    """A file or its lines; it remembers the channel it was opened in."""
    language = member.language
    notice = [kit.section(f":warning: {escape(problem)}")] if problem else []
    choices = (Choice(say.NO_EMAILS(language), NO), Choice(say.YES_EMAILS(language), YES))
    blocks = [
        *notice,
        kit.section(say.BULK_INTRO(language, columns=f"`{','.join(COLUMNS)}`")),
        FILE.draw(say.CSV_FILE(language), hint=say.CSV_HINT(language)),
        PASTED.draw(say.PASTED(language), optional=True),
        SEND_EMAILS.draw(say.SEND_EMAILS(language), choices, NO),
    ]
    return kit.modal(
        FORM,
        say.BULK_TITLE(language),
        blocks,
        submit=say.SHOW_PREVIEW(language),
        close=common.CANCEL(language),
        metadata=channel_id,
    )


def read_upload(state: State) -> Upload:
    """What the form holds."""
    return Upload(
        file_id=FILE.read(state),
        pasted=PASTED.read(state).strip(),
        send_email=SEND_EMAILS.read(state) == YES,
    )


def reading(member: Member) -> kit.View:
    """Shown while the file is fetched and judged."""
    return _plain(f":hourglass_flowing_sand: {say.READING(member.language)}", member.language)


def was_read(member: Member) -> kit.View:
    """The preview is in the channel."""
    return _plain(f":white_check_mark: {say.BULK_READ(member.language)}", member.language)


def preview(of: Preview, proposal: Proposal, member: Member, *, emails: bool) -> kit.Message:
    """What a yes would do, and whether customers get `emails`; without good lines no question."""
    language, good = member.language, of.count("ok")
    nothing = say.NONE_GOOD if of.bad else say.NOTHING_NEW
    text = say.BULK_PREVIEW(language, good) if good else nothing(language)
    counts = (
        say.GOOD_LINES(language, n=good),
        say.KNOWN_LINES(language, n=of.count("known")),
        say.BAD_LINES(language, n=len(of.bad)),
    )
    return kit.message(
        text,
        kit.section(f"{bold(text)}\n{' · '.join(counts)}"),
        *_bad(of.bad, proposal.id, language),
        *((kit.section(say.WILL_EMAIL_ALL(language)),) if good and emails else ()),
        *(_question(proposal, language) if good else ()),
    )


def progress(of: Progress, bad: tuple[Line, ...], language: str) -> kit.Message:
    """How far it is, or how it ended, without any address or key: the whole channel sees it."""
    text = _headline(of, language)
    counts = (
        say.ISSUED_LINES(language, n=of.issued),
        say.KNOWN_LINES(language, n=of.known),
        say.BAD_LINES(language, n=of.bad),
    )
    lines = [bold(text), _bar(of), " · ".join(counts)]
    ended = of.ended_at is not None
    results = [kit.context(say.RESULTS_AT(language, bulk=of.id))] if ended else []
    notes = [words.JOB(language, job=of.job_id)]
    if of.reference:
        notes.append(words.REFERENCE(language, reference=of.reference))
    return kit.message(
        text,
        kit.section("\n".join(lines)),
        *_bad(bad, of.id, language),
        *results,
        kit.context(*notes),
    )


def bad_lines(bad: tuple[Line, ...], member: Member) -> kit.View:
    """Every bad line by number and reason, as many as a view can hold."""
    language = member.language
    shown = [_bad_line(line, language) for line in bad[:MOST]]
    blocks = list(kit.sections("\n".join(shown)))[:MOST_BLOCKS]
    if len(bad) > MOST:
        blocks.append(kit.context(say.MORE_BAD(language, len(bad) - MOST)))
    return kit.modal(BAD, say.BAD_TITLE(language), blocks, close=common.CLOSE(language))


def _question(proposal: Proposal, language: str) -> tuple[kit.Block, ...]:
    yes = CONFIRM.draw(say.CONFIRM_BULK(language), proposal.id, style="primary")
    no = WITHDRAW.draw(common.CANCEL(language), proposal.id)
    ends = words.PREVIEW_ENDS(language, time=time(proposal.expires_at))
    return (kit.actions(yes, no), kit.context(ends))


def _plain(text: str, language: str) -> kit.View:
    title = say.BULK_TITLE(language)
    return kit.modal(READING, title, [kit.section(text)], close=common.CLOSE(language))


def _headline(of: Progress, language: str) -> str:
    who = name(of.operator_name or "—", 60)
    if of.state == "failed":
        return say.BULK_FAILED(language, who=who, reason=escape(of.problem))
    if of.state == "done":
        return say.BULK_DONE(language, who=who)
    return say.BULK_RUNNING(language, who=who, done=of.total - of.waiting, total=of.total)


def _bar(of: Progress) -> str:
    filled = BAR * (of.total - of.waiting) // max(1, of.total)
    # Not as code: Slack paints code red, and done would look like failed.
    return "█" * filled + "░" * (BAR - filled)


def _bad(bad: tuple[Line, ...], bulk_id: str, language: str) -> tuple[kit.Block, ...]:
    """The first few, and a button for the others."""
    if not bad:
        return ()
    shown = [_bad_line(line, language) for line in bad[:FEW]]
    if len(bad) <= FEW:
        return (kit.section("\n".join(shown)),)
    shown.append(say.MORE_BAD(language, len(bad) - FEW))
    button = SHOW_BAD.draw(say.SHOW_BAD(language), bulk_id)
    return (kit.section("\n".join(shown)), kit.actions(button))


def _bad_line(line: Line, language: str) -> str:
    return f"• {say.BAD_LINE(language, line=line.number, reason=escape(fit(line.reason, 200)))}"
