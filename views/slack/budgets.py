"""What the model may cost: the admins' form, a member's own figures, and the warnings."""

from services.budgets import BudgetNews, BudgetSheet, MemberBudget, OwnBudget
from services.formats import micro, month, percent
from services.people import Member
from services.phrases import Phrase
from views.kit import blocks as kit
from views.kit.controls import Button, Choice, Menu, Person, Text
from views.kit.state import State
from views.kit.text import bold, escape
from views.words import budgets as say
from views.words import common

SHEET = "budgets.sheet"
OWN = "budgets.own"
WAITING = "budgets.waiting"
MEMBER_FORM = "budgets.member_form"

WORKSPACE = Text("budgets.workspace", limit=20)
DEFAULT = Text("budgets.default", limit=20)
ADD = Button("budgets.add")
CHOOSE = Menu("budgets.choose")
MEMBER = Person("budgets.member")
AMOUNT = Text("budgets.amount", limit=20)
FIELDS = {
    "workspace": WORKSPACE.action_id,
    "default": DEFAULT.action_id,
    "member": MEMBER.action_id,
    "amount": AMOUNT.action_id,
}

CHANGE, REMOVE = "change", "remove"
USD = "USD"
MICRO = 1_000_000
CENT = 10_000
SHOWN_MEMBERS = 70
BAR = 20


def waiting(member: Member) -> kit.View:
    """Seen at once, while Slack is asked who is an admin."""
    language = member.language
    text = kit.section(f":hourglass_flowing_sand: {common.LOADING(language)}")
    return kit.modal(WAITING, say.TITLE(language), [text], close=common.CLOSE(language))


def sheet(found: BudgetSheet, member: Member) -> kit.View:
    """This month, the two limits to set, and every member who spent or has a limit of their own."""
    language, spending = member.language, found.spending
    spent = _of(spending.spent_micro, spending.limit_micro, language)
    facts = [say.CALLS(language, spending.calls), say.ZONE(language, zone=escape(found.zone))]
    if spending.held_micro > 0:
        facts.insert(1, say.HELD(language, held=micro(spending.held_micro, USD, language)))
    head = f"{bold(month(spending.month, language))}: {spent}"
    bar = _bar(spending.spent_micro, spending.limit_micro)
    hint = say.EMPTY_HINT(language)
    ours, each = spending.limit_micro, found.default_micro
    blocks = [
        kit.section(say.INTRO(language)),
        *([] if found.is_priced else [kit.section(say.NOT_PRICED(language))]),
        kit.section(f"{head}\n{bar}" if bar else head),
        kit.context(" · ".join(facts)),
        WORKSPACE.draw(say.WORKSPACE(language), _typed(ours, language), hint=hint, optional=True),
        DEFAULT.draw(say.DEFAULT(language), _typed(each, language), hint=hint, optional=True),
        kit.actions(ADD.draw(say.ADD(language))),
        kit.section(bold(say.MEMBERS(language))),
        *_members(spending.members, language),
    ]
    return kit.modal(
        SHEET,
        say.TITLE(language),
        blocks,
        submit=common.SAVE(language),
        close=common.CLOSE(language),
    )


def read_limits(state: State) -> tuple[str, str]:
    """The workspace's limit and each member's, as typed."""
    return WORKSPACE.read(state), DEFAULT.read(state)


def member_form(member: Member, budget: MemberBudget | None = None) -> kit.View:
    """A single member's limit: a new one, or to be changed."""
    language = member.language
    limit = budget.limit_micro if budget else None
    hint = say.AMOUNT_HINT(language)
    blocks = [
        MEMBER.draw(say.MEMBER(language), budget.member_id if budget else ""),
        AMOUNT.draw(say.AMOUNT(language), _typed(limit, language), hint=hint, optional=True),
    ]
    return kit.modal(
        MEMBER_FORM,
        say.MEMBER_TITLE(language),
        blocks,
        submit=common.SAVE(language),
        close=common.BACK(language),
    )


def read_member(state: State) -> tuple[str, str]:
    """Whom it is for, and the amount as typed."""
    return MEMBER.read(state), AMOUNT.read(state)


def read_choice(value: str) -> tuple[str, str]:
    """What was chosen beside a member, and whose budget it is."""
    choice, _, member_id = value.partition(":")
    return choice, member_id


def own(found: OwnBudget, member: Member) -> kit.View:
    """What somebody who is no admin is shown."""
    language = member.language
    spent = _of(found.own.spent_micro, found.own.limit_micro, language)
    text = say.OWN(language, month=month(found.month, language), spent=spent)
    if found.workspace_is_spent:
        text += f" {say.WORKSPACE_IS_SPENT(language)}"
    blocks = [kit.section(text), kit.context(say.ASK_ADMIN(language))]
    return kit.modal(OWN, say.TITLE(language), blocks, close=common.CLOSE(language))


def warning(news: BudgetNews, language: str) -> kit.Message:
    """A budget at 80 or 100 percent."""
    text = _sentence(news)(
        language,
        share=_share(news.spent_micro, news.limit_micro, language),
        spent=micro(news.spent_micro, USD, language),
        limit=micro(news.limit_micro, USD, language),
        month=month(news.month, language),
    )
    return kit.message(text, kit.section(text))


def _sentence(news: BudgetNews) -> Phrase:
    if news.is_used_up:
        return say.SPENT_OWN if news.own else say.SPENT_WORKSPACE
    return say.WARNING_OWN if news.own else say.WARNING_WORKSPACE


def _members(listed: tuple[MemberBudget, ...], language: str) -> list[kit.Block]:
    if not listed:
        return [kit.context(say.NO_MEMBERS(language))]
    # Who has a limit of their own must be in sight: it can only be changed here.
    shown = sorted(listed, key=lambda one: not one.is_exception)[:SHOWN_MEMBERS]
    blocks: list[kit.Block] = []
    for one in sorted(shown, key=listed.index):
        spent = _of(one.spent_micro, one.limit_micro, language)
        text = f"<@{one.member_id}> · {spent}"
        if not one.is_exception:
            blocks.append(kit.section(text))
            continue
        menu = CHOOSE.draw(
            (
                Choice(say.CHANGE(language), f"{CHANGE}:{one.member_id}"),
                Choice(say.REMOVE(language), f"{REMOVE}:{one.member_id}"),
            )
        )
        blocks.append(kit.section(f"{text} · {say.EXCEPTION(language)}", menu))
    if left := len(listed) - len(shown):
        blocks.append(kit.context(say.MORE_MEMBERS(language, left)))
    return blocks


def _of(spent: int, limit: int | None, language: str) -> str:
    shown = micro(spent, USD, language)
    if limit is None:
        return say.SPENT(language, spent=shown)
    share = _share(spent, limit, language)
    return say.SPENT_OF(language, spent=shown, limit=micro(limit, USD, language), share=share)


def _share(spent: int, limit: int, language: str) -> str:
    return percent(spent / limit if limit else 1.0, language)


def _bar(spent: int, limit: int | None) -> str:
    if limit is None:
        return ""
    filled = min(BAR, BAR * spent // limit) if limit else BAR
    return f"{'▰' * filled}{'▱' * (BAR - filled)}"


def _typed(limit: int | None, language: str) -> str:
    """An amount as a person would type it."""
    if limit is None:
        return ""
    whole, rest = divmod(limit, MICRO)
    mark = "," if language == "it" else "."
    return f"{whole}{mark}{rest // CENT:02d}" if rest else str(whole)
