"""Licenses in bulk in Slack: the form, the preview, its progress, lines with errors, the keys."""

from services.issuing import COLUMNS, BulkLine, BulkPreview, BulkProgress, KeyPage, Upload
from services.ops import Proposal
from services.people import Member
from services.phrases import Phrase
from views.kit import blocks as kit
from views.kit.controls import Button, Choice, FileField, Radio, Text
from views.kit.state import State
from views.kit.text import bold, escape, fit, pieces, time
from views.slack.issuing.single import CONFIRM, NO, WITHDRAW, YES
from views.words import common
from views.words import issuing as say
from views.words import ops as words

FORM = "licenses.bulk_form"
READING = "licenses.bulk_reading"
BAD = "licenses.bulk_bad"
KEYS = "licenses.bulk_keys"
FILE = FileField("licenses.bulk_file", ("csv",))
PASTED = Text("licenses.bulk_pasted", multiline=True)
SEND_EMAILS = Radio("licenses.bulk_send_email")
SHOW_BAD = Button("licenses.bulk_show_bad")
SHOW_KEYS = Button("licenses.bulk_show_keys")

FEW = 10
# Slack takes 100 blocks in a view and 3,000 characters in each.
MOST = 2_000
MOST_BLOCKS = 95
KEYS_IN_BLOCK = 2_900


def form(channel_id: str, member: Member, *, problem: str = "") -> kit.View:
    """A file or its lines; it remembers the channel it was opened in."""
    language = member.language
    notice = [kit.section(f":warning: {escape(problem)}")] if problem else []
    choices = (Choice(say.NO_EMAILS(language), NO), Choice(say.YES_EMAILS(language), YES))
    blocks = [
        *notice,
        kit.section(say.BULK_INTRO(language, columns=f"`{','.join(COLUMNS)}`")),
        FILE.draw(say.CSV_FILE(language), hint=say.CSV_HINT(language), optional=True),
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


def preview(of: BulkPreview, proposal: Proposal, member: Member, *, emails: bool) -> kit.Message:
    """What a yes would do, and whether customers get `emails`; without good lines no question."""
    language, good = member.language, of.count("ok")
    nothing = say.NONE_GOOD if of.bad else say.NOTHING_NEW
    text = say.BULK_PREVIEW(language, good) if good else nothing(language)
    counts = _counts(
        (say.GOOD_LINES, good),
        (say.KNOWN_LINES, of.count("known")),
        (say.BAD_LINES, len(of.bad)),
        language=language,
    )
    return kit.message(
        text,
        kit.section(f"{bold(text)}\n{counts}"),
        *_bad(of.bad, proposal.id, language),
        *((kit.section(say.WILL_EMAIL_ALL(language)),) if good and emails else ()),
        *(_question(proposal, language) if good else ()),
    )


def results(of: BulkProgress, bad: tuple[BulkLine, ...], language: str) -> tuple[kit.Block, ...]:
    """What its card says besides, without any address or key: the whole channel sees it."""
    counts = _counts(
        (say.ISSUED_LINES, of.issued),
        (say.KNOWN_LINES, of.known),
        (say.BAD_LINES, of.bad),
        language=language,
    )
    blocks = [kit.section(counts), *_bad(bad, of.id, language)]
    if of.ended_at is not None:
        if of.issued + of.known:
            blocks.append(kit.actions(SHOW_KEYS.draw(say.SHOW_KEYS(language), of.id)))
        blocks.append(kit.context(say.RESULTS_AT(language, bulk=of.id)))
    return tuple(blocks)


def bad_lines(bad: tuple[BulkLine, ...], member: Member) -> kit.View:
    """Every bad line by number and reason, as many as a view can hold."""
    language = member.language
    shown = [_bad_line(line, language) for line in bad[:MOST]]
    blocks = list(kit.sections("\n".join(shown)))[:MOST_BLOCKS]
    if len(bad) > MOST:
        blocks.append(kit.context(say.MORE_BAD(language, len(bad) - MOST)))
    return kit.modal(BAD, say.BAD_TITLE(language), blocks, close=common.CLOSE(language))


def keys(page: KeyPage, member: Member) -> kit.View:
    """Keys with their lines and addresses, to be copied as CSV, and a button for the next."""
    language = member.language
    rows = "\n".join(escape(f"{one.number},{_bare(one.email)},{one.key}") for one in page.keys)
    boxes = [kit.section(f"```{piece}```") for piece, _ in pieces(rows, KEYS_IN_BLOCK) if piece]
    more = []
    if page.after is not None:
        ticket = f"{page.bulk_id}:{page.after}"
        more.append(kit.actions(SHOW_KEYS.draw(say.MORE_KEYS(language), ticket)))
    blocks = [kit.section(say.KEYS_INTRO(language)), *boxes, *more]
    return kit.modal(KEYS, say.KEYS_TITLE(language), blocks, close=common.CLOSE(language))


def read_keys_ticket(value: str) -> tuple[str, int]:
    """Which bulk issue's keys, and behind which line."""
    bulk_id, _, after = value.partition(":")
    return bulk_id, int(after) if after.isdecimal() else 0


def _question(proposal: Proposal, language: str) -> tuple[kit.Block, ...]:
    yes = CONFIRM.draw(say.CONFIRM_BULK(language), proposal.id, style="primary")
    no = WITHDRAW.draw(common.CANCEL(language), proposal.id)
    ends = words.PREVIEW_ENDS(language, time=time(proposal.expires_at))
    return (kit.actions(yes, no), kit.context(ends))


def _plain(text: str, language: str) -> kit.View:
    title = say.BULK_TITLE(language)
    return kit.modal(READING, title, [kit.section(text)], close=common.CLOSE(language))


def _counts(first: tuple[Phrase, int], *others: tuple[Phrase, int], language: str) -> str:
    """The first number always, the others when there is something to count."""
    counted = (first, *(other for other in others if other[1]))
    return " · ".join(phrase(language, n=number) for phrase, number in counted)


def _bad(bad: tuple[BulkLine, ...], bulk_id: str, language: str) -> tuple[kit.Block, ...]:
    """The first few, and a button for the others."""
    if not bad:
        return ()
    shown = [_bad_line(line, language) for line in bad[:FEW]]
    if len(bad) <= FEW:
        return (kit.section("\n".join(shown)),)
    shown.append(say.MORE_BAD(language, len(bad) - FEW))
    button = SHOW_BAD.draw(say.SHOW_BAD(language), bulk_id)
    return (kit.section("\n".join(shown)), kit.actions(button))


def _bare(email: str) -> str:
    # An address may hold the mark that ends a block of code.
    return email.replace("`", "ˋ")


def _bad_line(line: BulkLine, language: str) -> str:
    return f"• {say.BAD_LINE(language, line=line.number, reason=escape(fit(line.reason, 200)))}"
