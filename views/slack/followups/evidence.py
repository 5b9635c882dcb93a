"""What a draft claims and where it was said: the row on card and editor, and the whole view."""

from datetime import timedelta

from services.evidence import REASONS, ClaimInPlace
from services.followups import Evidence, FollowUp
from services.meetings import Spoken
from services.people import Member
from services.phrases import Plural
from views.kit import blocks as kit
from views.kit.controls import Button
from views.kit.text import bold, day, escape, fit, link, name, quoted, time
from views.words import common
from views.words import evidence as say
from views.words import followups as words

EVIDENCE = "followups.evidence"

SHOW = Button("followups.show_evidence")
BACK = Button("followups.back")
KEEP = Button("followups.keep_claim")

# On the card and above the editor; the view names all.
NAMED = 4
NAMED_LENGTH = 60
# A finding takes two blocks and a modal has room for a hundred.
SHOWN = 40
SENTENCE = 300
QUOTED_LINES = 3
QUOTED_LENGTH = 400


def row(followup: FollowUp, language: str) -> list[kit.Block]:
    """How the draft stands, in one paragraph, with the button that shows why."""
    if followup.audit is None:
        return []
    button = SHOW.draw(say.SHOW(language), followup.id)
    return [kit.section("\n".join(_standing(followup, language)), button)]


def evidence(seen: Evidence, member: Member, *, is_blocked: bool = False) -> kit.View:
    """Every claim with the lines behind it, the worst first; those not found can be kept.

    `is_blocked`: an action was asked for, and did not begin because of them.
    """
    followup, language = seen.followup, member.language
    sections = (
        (say.HEAD_NOT_HEARD, followup.not_heard),
        (say.HEAD_TO_CHECK, followup.to_check),
        (say.HEAD_KEPT, followup.stood_by),
        (say.HEAD_SUPPORTED, followup.supported),
    )
    blocks = [_blocked(followup, language)] if is_blocked else []
    room = SHOWN
    for head, findings in sections:
        if findings and room > 0:
            blocks.append(kit.header(f"{head(language)} · {len(findings)}"))
            for finding in findings[:room]:
                blocks += _finding(finding, seen, language)
        room -= len(findings)
    if room < 0:
        blocks.append(kit.context(say.NOT_SHOWN(language, -room)))
    if room == SHOWN:
        blocks += [kit.section(text) for text in _standing(followup, language)]
    blocks.append(kit.actions(BACK.draw(words.BACK_TO_DRAFT(language), followup.id)))
    return kit.modal(
        EVIDENCE,
        say.TITLE(language),
        blocks,
        close=common.CLOSE(language),
        metadata=followup.id,
    )


def read_keep(value: str) -> tuple[str, str]:
    """The follow-up and the claim of a *keep* button."""
    followup_id, _, claim_id = value.partition(":")
    return followup_id, claim_id


def _blocked(followup: FollowUp, language: str) -> kit.Block:
    return kit.section((say.BLOCKED if followup.not_heard else say.CLEARED)(language))


def _standing(followup: FollowUp, language: str) -> list[str]:
    lines = []
    if followup.not_heard:
        lines.append(_named(say.NOT_HEARD, followup.not_heard, language))
    if followup.audit is not None and not followup.audit.complete:
        return [*lines, say.UNREAD(language)]
    if followup.to_check:
        lines.append(_named(say.TO_CHECK, followup.to_check, language))
    count = len(followup.supported)
    if not lines and not followup.stood_by:
        lines.append(say.ALL_HEARD(language, count) if count else say.NO_FACTS(language))
    return lines or [f":ballot_box_with_check: {say.HEAD_KEPT(language)}"]


def _named(phrase: Plural, findings: tuple[ClaimInPlace, ...], language: str) -> str:
    spans = dict.fromkeys(fit(one.span, NAMED_LENGTH) for one in findings)
    what = ", ".join(f"“{name(span, NAMED_LENGTH)}”" for span in list(spans)[:NAMED])
    if (left := len(spans) - NAMED) > 0:
        what = f"{what} {say.MORE(language, left)}"
    return phrase(language, len(findings), what=what)


def _finding(finding: ClaimInPlace, seen: Evidence, language: str) -> list[kit.Block]:
    claim, followup = finding.claim, seen.followup
    part = say.PARTS[finding.part](language)
    text = f"{bold(name(fit(finding.span, NAMED_LENGTH)))} · {part}"
    text += f"\n{quoted(fit(finding.sentence, SENTENCE))}"
    kept_at = followup.kept_at(finding)
    if claim.reason:
        text += f"\n{REASONS[claim.reason](language, said=escape(claim.said))}"
    button = None
    if claim.reason and kept_at is None:
        button = KEEP.draw(say.KEEP(language), f"{followup.id}:{claim.id}")
    elif kept_at is not None:
        text += f"\n{say.KEPT_AT(language, day=day(kept_at), time=time(kept_at))}"
    facts = [say.SOURCES[claim.source](language)] if claim.source else []
    facts += _lines(claim.lines, seen)
    blocks = [kit.section(text, button)]
    return [*blocks, kit.context(*facts)] if facts else blocks


def _lines(numbers: tuple[int, ...], seen: Evidence) -> list[str]:
    known = {line.number: line for line in seen.lines}
    found = [known[number] for number in numbers if number in known][:QUOTED_LINES]
    return [_line(line, seen.followup.url) for line in found]


def _line(line: Spoken, url: str) -> str:
    at = link(_at(url, line.at), _clock(line.at))
    said = escape(fit(line.text, QUOTED_LENGTH))
    return f"{at} {name(line.speaker)}: {said}"


def _at(url: str, at: timedelta) -> str:
    """The recording's address at that second (Fathom's links take `timestamp`); "" for none."""
    if not url:
        return ""
    joint = "&" if "?" in url else "?"
    return f"{url}{joint}timestamp={int(at.total_seconds())}"


def _clock(at: timedelta) -> str:
    minutes, seconds = divmod(int(at.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
