"""The forms in which a follow-up's owner chooses what goes into the CRM: note, deal, tasks."""

from datetime import date

from services.followups import crm_forms as forms
from services.people import Member
from views.kit import blocks as kit
from views.kit.controls import Button, Choice, Select, Several, Text
from views.kit.pickers import Date
from views.kit.state import State
from views.kit.text import bold, escape, fit, quoted
from views.slack.followups.review import heading
from views.words import common
from views.words.followups import crm as words

NOTE_FORM = "followups.note_form"
DEALS = "followups.deals"
DEAL_FORM = "followups.deal_form"
TASKS_FORM = "followups.tasks_form"

OPEN_DEALS = Button("followups.open_deals")
SHOW_DEALS = Button("followups.show_deals")
EDIT_DEAL = Button("followups.edit_deal")

ACCOUNT = Select("followups.crm_account")
NOTE_DEAL = Select("followups.note_deal")
PEOPLE = Several("followups.note_people")
STAGE = Select("followups.deal_stage")
AMOUNT = Text("followups.deal_amount", limit=40)
CLOSES = Date("followups.deal_closes")
DESCRIPTION = Text("followups.deal_description", multiline=True)
TASKS = Several("followups.task_items")

NO_DEAL = "-"
# Whether a form begins at once, or keeps what was chosen for the review it lies on.
NOW, LATER = "now", "later"
MOST = 100  # options of a menu, as Slack takes them
SHOWN = 40  # sections of a list
EXCERPT = 1_500


def loading(member: Member, title: str) -> kit.View:
    """Shown while the CRM is asked."""
    language = member.language
    text = kit.section(f":hourglass_flowing_sand: {words.LOOKING(language)}")
    return kit.modal("followups.crm_loading", title, [text], close=common.CLOSE(language))


def note_form(form: forms.NoteForm, member: Member) -> kit.View:
    """Account, deal and people of the note, and its text as it will stand there."""
    language, target = member.language, form.about.target
    blocks = _about(form.about, language)
    if target is not None:
        deals = tuple(Choice(one.name, one.id) for one in target.known.deals[: MOST - 1])
        none = Choice(words.NO_DEAL(language), NO_DEAL)
        label = words.NOTE_DEAL(language)
        blocks.append(NOTE_DEAL.draw(label, (none, *deals), form.wish.deal_id or NO_DEAL))
        people = tuple(
            Choice(f"{one.name}, {one.title}".strip(", "), one.id)
            for one in target.known.contacts[:MOST]
        )
        if people:
            chosen = frozenset(form.wish.contact_ids)
            blocks.append(PEOPLE.draw(words.PEOPLE(language), people, chosen))
    text = quoted(fit(form.text, EXCERPT)) if form.text else words.NOTE_EMPTY(language)
    blocks += [kit.section(text), kit.context(words.NOTE_HINT(language))]
    if form.private:
        blocks.append(kit.context(f":warning: {escape(form.private)}"))
    return kit.modal(
        NOTE_FORM,
        words.NOTE_TITLE(language),
        blocks,
        submit=common.SAVE(language),
        close=common.CLOSE(language),
        metadata=_purpose(form.about, LATER),
    )


def deals(form: forms.DealForm, member: Member, when: str) -> kit.View:
    """The account's open deals, each to be edited; of several accounts one is chosen first."""
    language, about = member.language, form.about
    blocks: list[kit.Block] = [kit.section(heading(about.followup, language))]
    if about.target is None:
        blocks.append(kit.section(words.SEVERAL(language, crm=about.crm)))
        for one in about.candidates[:SHOWN]:
            value = f"{_purpose(about, when)}:{one.id}"
            button = SHOW_DEALS.draw(words.SHOW_DEALS(language), value)
            where = " · ".join(filter(None, (one.country, ", ".join(one.domains))))
            blocks.append(kit.section(f"{bold(one.name)}\n{escape(where)}".strip(), button))
    else:
        account = about.target.account
        told = words.IN_CRM(language, crm=about.crm, account=escape(account.name))
        blocks.append(kit.section(told))
        for deal in form.deals[:SHOWN]:
            value = f"{_purpose(about, when)}:{account.id}:{deal.id}"
            button = EDIT_DEAL.draw(words.EDIT(language), value)
            blocks.append(kit.section(_deal_line(form, forms.deal_seen(deal), language), button))
    return kit.modal(DEALS, words.DEALS_TITLE(language), blocks, close=common.CLOSE(language))


def deal_form(form: forms.DealForm, seen: forms.DealSeen, member: Member, when: str) -> kit.View:
    """One deal's stage, amount, close date and description, as they are now."""
    language, now = member.language, seen.fields
    currency = now.amount.currency if now.amount else ""
    label = words.AMOUNT_IN(language, currency=currency) if currency else words.AMOUNT(language)
    stages = _stages(form, seen)
    day = now.closes_on.isoformat() if now.closes_on else ""
    blocks = [
        kit.section(bold(seen.name)),
        STAGE.draw(words.STAGE(language), stages, f"{now.pipeline}|{now.stage}"),
        AMOUNT.draw(label, seen.amount_text, optional=True),
        CLOSES.draw(words.CLOSES(language), day, optional=True),
    ]
    if seen.whole:
        text = DESCRIPTION.draw(words.DESCRIPTION(language), now.description, optional=True)
        blocks.append(text)
    else:
        blocks.append(kit.context(words.LONG_DESCRIPTION(language)))
    blocks.append(kit.context(words.ONLY_CHANGED(language)))
    metadata = f"{_purpose(form.about, when)}:{seen.json()}"
    submit = words.SAVE_DEAL if when == NOW else common.SAVE
    return kit.modal(
        DEAL_FORM,
        words.DEALS_TITLE(language),
        blocks,
        submit=submit(language),
        close=common.CLOSE(language),
        metadata=metadata,
    )


def tasks_form(form: forms.TasksForm, member: Member) -> kit.View:
    """Every action item with its owner and day; those chosen become tasks."""
    language = member.language
    blocks = _about(form.about, language)
    if form.tasks:
        for one in form.tasks[:SHOWN]:
            day = one.due_at.astimezone(member.zone).date().isoformat()
            owner = one.item.owner if one.owned and one.item.owner else words.NOBODY(language)
            text = escape(fit(one.item.text, EXCERPT))
            line = words.TASK_LINE(language, text=text, owner=escape(owner), day=day)
            blocks.append(kit.section(f"• {line}"))
        choices = tuple(Choice(one.item.text, one.key) for one in form.tasks[:MOST])
        blocks.append(TASKS.draw(words.WHICH_TASKS(language), choices, form.chosen))
    return kit.modal(
        TASKS_FORM,
        words.TASKS_TITLE(language),
        blocks,
        submit=common.SAVE(language),
        close=common.CLOSE(language),
        metadata=_purpose(form.about, LATER),
    )


def read_note(state: State) -> tuple[str, str, tuple[str, ...]]:
    """Account, deal and people; "" for what was not shown."""
    deal = NOTE_DEAL.read(state)
    return ACCOUNT.read(state), "" if deal == NO_DEAL else deal, PEOPLE.read(state)


def read_deal(state: State) -> forms.TypedDeal:
    """What was typed; None where the field was not shown, or Slack did not report it."""
    pipeline, _, stage = STAGE.read(state).partition("|")
    day = CLOSES.read(state)
    return forms.TypedDeal(
        stage=stage or None,
        pipeline=pipeline or None,
        amount=AMOUNT.read(state) if _has(state, AMOUNT.action_id) else None,
        closes_on=date.fromisoformat(day) if day else None,
        keeps_day=not _has(state, CLOSES.action_id),
        description=DESCRIPTION.read(state) if _has(state, DESCRIPTION.action_id) else None,
    )


def read_tasks(state: State) -> tuple[str, tuple[str, ...] | None]:
    """Account, and the chosen items; None when no items were shown."""
    keys = TASKS.read(state) if _has(state, TASKS.action_id) else None
    return ACCOUNT.read(state), keys


def read_purpose(value: str) -> tuple[str, str, str]:
    """Which follow-up a form or button is about, whether it begins at once, and the rest."""
    followup_id, _, rest = value.partition(":")
    when, _, more = rest.partition(":")
    return followup_id, when, more


def read_deal_seen(metadata: str) -> forms.DealSeen:
    """The deal as its form showed it."""
    return forms.read_seen(read_purpose(metadata)[2])


def _about(about: forms.CrmAbout, language: str) -> list[kit.Block]:
    blocks: list[kit.Block] = [kit.section(heading(about.followup, language))]
    if len(about.candidates) > 1:
        choices = tuple(Choice(one.name, one.id) for one in about.candidates[:MOST])
        chosen = about.target.account.id if about.target else ""
        blocks.append(ACCOUNT.draw(words.ACCOUNT(language), choices, chosen))
    elif about.target is not None:
        name = escape(about.target.account.name)
        blocks.append(kit.context(words.IN_CRM(language, crm=about.crm, account=name)))
    return blocks


def _purpose(about: forms.CrmAbout, when: str) -> str:
    return f"{about.followup.id}:{when}"


def _deal_line(form: forms.DealForm, seen: forms.DealSeen, language: str) -> str:
    facts = words.DEAL_LINE(
        language,
        stage=escape(form.stage_name(seen.fields)),
        amount=seen.amount_shown(language) or words.NO_AMOUNT(language),
        day=seen.fields.closes_on or words.NO_DAY(language),
    )
    return f"{bold(seen.name)}\n{facts}"


def _stages(form: forms.DealForm, seen: forms.DealSeen) -> tuple[Choice, ...]:
    """Where the deal is, first of all if nobody may move there; then wherever it may go."""
    several = len(form.pipelines) > 1
    listed = tuple(
        Choice(
            f"{stage.name} ({pipeline.name})" if several else stage.name,
            f"{pipeline.id}|{stage.id}",
        )
        for pipeline in form.pipelines
        for stage in pipeline.stages
        if stage.writable
    )
    here = f"{seen.fields.pipeline}|{seen.fields.stage}"
    if here not in {one.value for one in listed}:
        listed = (Choice(form.stage_name(seen.fields), here), *listed)
    return listed[:MOST]


def _has(state: State, action_id: str) -> bool:
    """Whether Slack reported the field: an absent one is not an emptied one."""
    return state.block_of(action_id) != action_id
