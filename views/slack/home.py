"""App Home: what waits for its owner first, then what can be changed."""

from collections.abc import Iterable

from services.connections import CRMS, FATHOM, GOOGLE
from services.formats import micro
from services.home import DRAFTS, MEETINGS, HomeCost, HomeOps, HomePage, HomeTask, OpenDraft
from services.meetings import Meeting
from services.people import Member
from services.phrases import Phrase
from views.kit import blocks as kit
from views.kit.controls import Button
from views.kit.text import bold, day, escape, fit, link, name, time
from views.slack.connections import connection_blocks
from views.slack.followups.picker import PICK
from views.slack.operations import KINDS, MARKS
from views.words import common
from views.words import connections as words
from views.words import followups as drafts
from views.words import home as say
from views.words import people as likes_say
from views.words.operations import STATES

NEW = Button("home.new")
REFRESH = Button("home.refresh")
MORE = Button("home.more")
OPEN_DRAFT = Button("home.open_draft")
FINISH = Button("home.finish")
DISCARD = Button("home.discard")
ALL_MEETINGS = Button("home.all_meetings")
NEW_TASK = Button("home.new_task")
SETTINGS = Button("home.settings")
TEMPLATES = Button("home.templates")
BUDGETS = Button("home.budgets")

WRITTEN = "ready"
MAX_TITLE, MAX_TASK, MAX_SIGNATURE = 120, 200, 60
USD = "USD"
CHECK_MARKS = {"bad": ":red_circle:", "warn": ":large_yellow_circle:"}


def home(page: HomePage) -> kit.View:
    """Everything on it; each list is short, so that all of it is fewer than Slack's 100 blocks."""
    language = page.member.language
    new = NEW.draw(say.NEW(language), style="primary")
    connected = _part(words.TITLE(language), connection_blocks(page.health, language, page.link))
    # What does not work yet comes before what cannot be there without it.
    first = not all(one.connected for one in page.health if one.vendor in (FATHOM, GOOGLE))
    blocks = [
        kit.section(say.INTRO(language)),
        kit.actions(new, REFRESH.draw(say.REFRESH(language)), block_id="home.top"),
        *(connected if first else ()),
        *_drafts(page, language),
        *_meetings(page, language),
        *_tasks(page, language),
        *(() if first else connected),
        *_settings(page.member),
        *(_cost(page.cost, language) if page.cost else ()),
        *(_ops(page.ops, language) if page.ops else ()),
        kit.divider(),
        kit.section(words.HELP(language)),
    ]
    return kit.home(blocks)


def _part(title: str, blocks: Iterable[kit.Block]) -> list[kit.Block]:
    return [kit.divider(), kit.header(title), *blocks]


def _drafts(page: HomePage, language: str) -> list[kit.Block]:
    blocks = [block for one in page.drafts for block in _draft(one, language)]
    if not blocks:
        return _part(say.DRAFTS(language), [kit.context(say.NO_DRAFTS(language))])
    return _part(say.DRAFTS(language), [*blocks, *_more(page, DRAFTS, language)])


def _draft(draft: OpenDraft, language: str) -> list[kit.Block]:
    """Title and day, for several may be called alike; then what can be done."""
    title = _title(draft.title, language)
    when = f"{day(draft.started_at)}, {time(draft.started_at)}"
    text = f"{bold(title)}\n{when} · {say.STATES[draft.status](language)}"
    label = say.VIEW if draft.written else say.WATCH
    buttons = [OPEN_DRAFT.draw(label(language), draft.id)]
    if draft.written and draft.status == WRITTEN:
        buttons.append(FINISH.draw(say.FINISH(language), draft.id))
    sure = kit.confirm(
        f"{say.DISCARD(language)}?",
        say.DISCARD_SURE(language),
        say.DISCARD(language),
        common.KEEP(language),
    )
    buttons.append(DISCARD.draw(say.DISCARD(language), draft.id, confirm=sure))
    return [kit.section(text), kit.actions(*buttons, block_id=f"home.draft:{draft.id}")]


def _meetings(page: HomePage, language: str) -> list[kit.Block]:
    outside = [one for one in page.meetings if _from_outside(one, page.member)]
    inside = [one for one in page.meetings if one not in outside]
    blocks = [_meeting(one, page.member) for one in outside]
    if inside:
        blocks.append(kit.context(say.AMONG_COLLEAGUES(language)))
        blocks += [_meeting(one, page.member, quiet=True) for one in inside]
    if not blocks:
        blocks.append(kit.context(_no_meetings(page)(language)))
    blocks += _more(page, MEETINGS, language)
    every = ALL_MEETINGS.draw(say.ALL_MEETINGS(language))
    return _part(say.MEETINGS(language), [*blocks, kit.actions(every, block_id="home.meetings")])


def _meeting(meeting: Meeting, member: Member, *, quiet: bool = False) -> kit.Block:
    language, title = member.language, _title(meeting.title, member.language)
    others = [one for one in meeting.guests if one.email not in member.addresses]
    known = [name(one.name or one.email, 40) for one in others if one.name or one.email]
    facts = [f"{day(meeting.started_at)}, {time(meeting.started_at)}", ", ".join(known[:3])]
    text = "\n".join((title if quiet else bold(title), " · ".join(filter(None, facts))))
    value = str(meeting.recording_id)
    pick = PICK.draw(drafts.FOLLOW_UP(language), value)
    return kit.section(text, pick, block_id=f"home.meeting:{value}")


def _from_outside(meeting: Meeting, member: Member) -> bool:
    return any(one.is_external and one.email not in member.addresses for one in meeting.guests)


def _no_meetings(page: HomePage) -> Phrase:
    fathom = page.connection(FATHOM)
    if fathom is None or not fathom.connected:
        return say.FATHOM_FIRST
    return say.NO_MEETINGS if page.indexed else say.NOT_LOOKED


def _tasks(page: HomePage, language: str) -> list[kit.Block]:
    """Nothing of tasks where there is no CRM to have them."""
    crm = page.connection(*CRMS)
    if crm is None:
        return []
    new = kit.actions(NEW_TASK.draw(say.NEW_TASK(language)), block_id="home.tasks")
    if not page.tasks:
        return _part(say.TASKS(language), [kit.context(say.NO_TASKS(language)), new])
    listed = kit.section("\n".join(_task(one) for one in page.tasks))
    source = kit.context(say.TASKS_FROM(language, crm=words.VENDORS[crm.vendor]))
    return _part(say.TASKS(language), [listed, source, new])


def _task(task: HomeTask) -> str:
    text = link(task.url, fit(" ".join(task.text.split()), MAX_TASK)) if task.url else ""
    facts = (task.at, text or name(task.text, MAX_TASK), name(task.about, 60) if task.about else "")
    return f"• {' · '.join(filter(None, facts))}"


def _settings(member: Member) -> list[kit.Block]:
    language, likes = member.language, member.preferences
    signature = fit(" ".join(member.signature.split()), MAX_SIGNATURE)
    writing = say.WRITING(
        language,
        speech=drafts.LANGUAGES.get(likes.language, drafts.LANGUAGES[""])(language),
        tone=drafts.TONES.get(likes.tone, drafts.TONES["friendly"])(language),
        length=drafts.LENGTHS.get(likes.length, drafts.LENGTHS["medium"])(language),
        signature=name(signature) if signature else "—",
    )
    start = likes_say.AUTO_STARTS.get(likes.auto_start, likes_say.AUTO_STARTS["ask"])
    zone = escape(member.tz.replace("_", " "))
    quiet = (
        say.QUIET(
            language, begin=f"{likes.quiet.begin:%H:%M}", end=f"{likes.quiet.end:%H:%M}", zone=zone
        )
        if likes.quiet
        else say.NO_QUIET(language, zone=zone)
    )
    text = "\n".join((writing, say.BY_ITSELF(language, what=start(language)), quiet))
    buttons = (SETTINGS.draw(say.CHANGE(language)), TEMPLATES.draw(say.TEMPLATES(language)))
    row = kit.actions(*buttons, block_id="home.settings")
    return _part(say.SETTINGS(language), [kit.section(text), row])


def _cost(cost: HomeCost, language: str) -> list[kit.Block]:
    spent, month = micro(cost.spent_micro, USD, language), f"{cost.month:%Y-%m}"
    if cost.limit_micro is None:
        text = say.SPENT(language, spent=spent, month=month)
    else:
        percent = 100 * cost.spent_micro // cost.limit_micro if cost.limit_micro else 100
        limit = micro(cost.limit_micro, USD, language)
        text = say.SPENT_OF(language, spent=spent, limit=limit, month=month, percent=percent)
    row = kit.actions(BUDGETS.draw(say.BUDGETS(language)), block_id="home.cost")
    return _part(say.COST(language), [kit.section(text), row])


def _ops(ops: HomeOps, language: str) -> list[kit.Block]:
    found = ops.operating
    counts = say.OPS_COUNTS(
        language, running=found.running, failed=found.failed, channel=ops.channel
    )
    lines = [
        f"{MARKS[one.state]} {KINDS[one.kind].title(language)}: {name(one.title, MAX_TITLE)} · "
        f"{STATES[one.state](language)}"
        for one in found.operations
        if one.kind in KINDS
    ]
    for one in found.rollouts:
        rollout = say.ROLLOUT(
            language, version=name(one.version, 60), wave=one.wave, waves=max(one.wave, one.waves)
        )
        lines.append(f":rocket: {rollout} · {say.CONTROLS[one.control](language)}")
    blocks = [kit.section(counts)]
    if lines:
        blocks.append(kit.section("\n".join(lines)))
    blocks.append(kit.section(_checks(ops, language)))
    return _part(say.OPS(language), blocks)


def _checks(ops: HomeOps, language: str) -> str:
    if ops.checks is None:
        return say.CHECKS_UNREAD(language)
    lines = [
        f"{CHECK_MARKS[one.state]} {bold(one.name(language))}: {escape(one.text(language))}"
        for one in ops.checks
        if one.state in CHECK_MARKS
    ]
    return "\n".join(lines) or say.ALL_WELL(language)


def _more(page: HomePage, part: str, language: str) -> list[kit.Block]:
    if part not in page.further:
        return []
    return [kit.actions(MORE.draw(say.MORE(language), part), block_id=f"home.more:{part}")]


def _title(title: str, language: str) -> str:
    return name(title, MAX_TITLE) if title.strip() else drafts.UNTITLED(language)
