"""*Your edits so far*: named rules with what they were seen in, to accept or to delete."""

from services.habits import LENGTH, Example, Habit, HabitsSeen
from services.people import Member
from views.kit import blocks as kit
from views.kit.controls import Button
from views.kit.text import bold, name
from views.words import common
from views.words import habits as say

HABITS = "habits.list"

ACCEPT = Button("habits.accept")
DELETE = Button("habits.delete")

# Two blocks each, beside five others; Slack takes a hundred.
MOST = 20


def habits(seen: HabitsSeen, member: Member) -> kit.View:
    """The accepted ones, then what is proposed, each with its evidence."""
    language = member.language
    blocks: list[kit.Block] = [
        kit.section(say.INTRO(language)),
        kit.context(say.COMPARED(language, seen.compared)),
    ]
    if seen.accepted:
        blocks.append(kit.header(say.ACCEPTED(language)))
    for habit in seen.accepted[:MOST]:
        was = say.WAS(language, seen=habit.seen, of=habit.of)
        blocks += [kit.section(f"{_title(habit, language)}\n{was}"), _buttons(habit, language)]
    if seen.proposed:
        blocks.append(kit.header(say.PROPOSED(language)))
    for habit in seen.proposed[:MOST]:
        text = "\n".join((_title(habit, language), *_evidence(habit, language)))
        blocks += [kit.section(text), _buttons(habit, language, proposed=True)]
    if not seen.proposed:
        few = seen.compared < seen.fewest
        words = say.TOO_FEW(language, fewest=seen.fewest) if few else say.NOTHING(language)
        blocks.append(kit.section(words))
    return kit.modal(HABITS, say.TITLE(language), blocks, close=common.BACK(language))


def _title(habit: Habit, language: str) -> str:
    title = say.NAMES[habit.kind](language, value=name(habit.value, 200))
    where = say.IN_LANGUAGE.get(habit.language)
    return f"{bold(title)} · {where(language)}" if where else bold(title)


def _evidence(habit: Habit, language: str) -> tuple[str, ...]:
    counted = say.SEEN(language, seen=habit.seen, of=habit.of)
    shown = [f"• {_example(one, habit, language)}" for one in habit.examples]
    return (counted, *shown)


def _example(example: Example, habit: Habit, language: str) -> str:
    before, after = name(example.before), name(example.after)
    if habit.family == LENGTH:
        phrase = say.WORDS
    elif not example.before:
        phrase = say.ADDED
    elif not example.after:
        phrase = say.REMOVED
    else:
        phrase = say.BEFORE_AFTER
    return phrase(language, before=before, after=after)


def _buttons(habit: Habit, language: str, *, proposed: bool = False) -> kit.Block:
    sure = kit.confirm(
        say.DELETE_TITLE(language), say.SURE(language), say.DELETE(language), common.KEEP(language)
    )
    delete = DELETE.draw(say.DELETE(language), habit.key, confirm=sure)
    accept = ACCEPT.draw(say.ACCEPT(language), habit.key)
    return kit.actions(*((accept, delete) if proposed else (delete,)))
