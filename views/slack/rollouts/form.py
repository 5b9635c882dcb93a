"""The form of a rollout, and the modals of its card: going back with a typed word, details."""

import re
from datetime import timedelta

import orjson

from services.people import Member
from services.rollouts import (
    STRATEGIES,
    Rollout,
    RolloutEvent,
    RolloutOptions,
    RolloutOrder,
    RolloutReview,
    RolloutTarget,
    read_options,
)
from views.kit import blocks as kit
from views.kit.controls import INPUT_LIMIT, Button, Choice, Select, Text, Ticks
from views.kit.state import State
from views.kit.text import bold, day, escape, fit, name, time
from views.slack.rollouts.facts import concern_lines, target_line
from views.words import common
from views.words import rollouts as say

FORM, ROLL_BACK_FORM, DETAILS = "rollouts.form", "rollouts.roll_back_form", "rollouts.details"
VERSION = Text("rollouts.version", limit=64)
SQL = Text("rollouts.sql", multiline=True)
ROLLBACK_SQL = Text("rollouts.rollback_sql", multiline=True)
STRATEGY = Select("rollouts.strategy")
TENANTS = Text("rollouts.tenants")
CANARY = Text("rollouts.canary", limit=64)
CANARY_WATCH = Text("rollouts.canary_watch", limit=12)
WAVE_WATCH = Text("rollouts.wave_watch", limit=12)
THRESHOLD = Text("rollouts.threshold", limit=6)
OPTIONS = Ticks("rollouts.options")
TYPED = Text("rollouts.typed", limit=64)
BASELINE = Button("rollouts.baseline")
TRY_AGAIN = Button("rollouts.try_again")
FIELDS = {
    "version": VERSION.action_id,
    "sql": SQL.action_id,
    "rollback_sql": ROLLBACK_SQL.action_id,
    "strategy": STRATEGY.action_id,
    "tenants": TENANTS.action_id,
    "canary": CANARY.action_id,
    "canary_watch": CANARY_WATCH.action_id,
    "wave_watch": WAVE_WATCH.action_id,
    "threshold": THRESHOLD.action_id,
    "typed": TYPED.action_id,
}
RETURN, LONG, DRY = "return_by_itself", "long_locks", "dry_run"
BETWEEN = re.compile(r"[\s,;]+")
# Of the hundred blocks that Slack takes in a modal.
MOST_TARGETS, MOST_DRIFTED, MOST_LINES, MOST_EVENTS = 40, 10, 12, 12
UNITS = (("d", 86_400), ("h", 3_600), ("m", 60))


def form(channel_id: str, member: Member, order: RolloutOrder | None = None) -> kit.View:
    """An empty form, or one with what was asked for before."""
    language = member.language
    begun = order or RolloutOrder("", "", strategy="canary_gradual")
    strategies = tuple(Choice(say.STRATEGIES[one](language), one) for one in STRATEGIES)
    blocks = [
        VERSION.draw(say.VERSION(language), begun.version, hint=say.VERSION_HINT(language)),
        SQL.draw(
            say.SQL(language), _fitting(begun.up_sql), hint=say.SQL_HINT(language), optional=True
        ),
        ROLLBACK_SQL.draw(
            say.ROLLBACK_SQL(language),
            _fitting(begun.down_sql),
            hint=say.ROLLBACK_HINT(language),
            optional=True,
        ),
        STRATEGY.draw(say.STRATEGY(language), strategies, begun.strategy),
        TENANTS.draw(
            say.TENANTS(language),
            ", ".join(begun.tenants),
            hint=say.TENANTS_HINT(language),
            optional=True,
        ),
        CANARY.draw(
            say.CANARY(language), begun.canary, hint=say.CANARY_HINT(language), optional=True
        ),
        *_options(begun.options, language),
    ]
    return kit.modal(
        FORM,
        say.FORM_TITLE(language),
        blocks,
        submit=say.CHECK(language),
        close=common.CANCEL(language),
        metadata=channel_id,
    )


def read_form(state: State) -> RolloutOrder:
    """What is asked for; raises Invalid with its field."""
    ticked = frozenset(OPTIONS.read(state))
    options: RolloutOptions = read_options(
        CANARY_WATCH.read(state), WAVE_WATCH.read(state), THRESHOLD.read(state), ticked=ticked
    )
    return RolloutOrder(
        version=VERSION.read(state).strip(),
        up_sql=SQL.read(state),
        down_sql=ROLLBACK_SQL.read(state),
        strategy=STRATEGY.read(state),
        tenants=names(TENANTS.read(state)),
        canary=CANARY.read(state).strip(),
        options=options,
        dry_run=DRY in ticked,
    )


def roll_back(of: Rollout, review: RolloutReview | None, language: str) -> kit.View:
    """What going back means; where it destroys, the version has to be typed."""
    version = of.version
    blocks = [kit.section(say.ROLL_BACK_TEXT(language, version=version))]
    if of.destroys_on_way_back:
        what = ", ".join(concern_lines(review, language, back=True)) if review else ""
        blocks.append(kit.section(f":warning: {say.ROLL_BACK_DESTROYS(language, what=what)}"))
        blocks.append(TYPED.draw(say.TYPE_IT(language, version=of.version)))
    return kit.modal(
        ROLL_BACK_FORM,
        say.ROLL_BACK(language),
        blocks,
        submit=say.ROLL_BACK(language),
        close=common.CANCEL(language),
        metadata=of.id,
    )


def details(
    of: Rollout,
    tenants: tuple[RolloutTarget, ...],
    events: tuple[RolloutEvent, ...],
    language: str,
) -> kit.View:
    """Each tenant in words, those in quarantine with their difference and two ways out."""
    blocks = [kit.section(bold(say.TITLE(language, version=of.version)))]
    drifted = [one for one in tenants if one.state == "drifted"]
    for one in drifted[:MOST_DRIFTED]:
        blocks += _drifted(of, one, language)
    others = [one for one in tenants if one.state != "drifted"]
    # What went wrong comes first.
    others.sort(key=lambda one: one.state not in ("failed", "kept", "deferred", "left"))
    lines = [f"• {target_line(one, language)}" for one in others[:MOST_TARGETS]]
    blocks.extend(kit.sections("\n".join(lines)) if lines else ())
    if (more := len(others) - MOST_TARGETS) > 0:
        blocks.append(kit.context(f"… +{more}"))
    told = [_event(one, language) for one in events[:MOST_EVENTS]]
    blocks += [kit.divider(), kit.section("\n".join(told))] if told else []
    blocks += [kit.context(of.id)]
    return kit.modal(
        DETAILS, say.DETAILS_TITLE(language), blocks, close=say.CLOSE(language), metadata=of.id
    )


def sql(of: Rollout, order: RolloutOrder, language: str) -> kit.View:
    """Both scripts as they were typed."""
    parts = [(say.SQL, order.up_sql), (say.ROLLBACK_SQL, order.down_sql)]
    blocks: list[kit.Block] = []
    for phrase, text in parts:
        if text.strip():
            blocks.append(kit.section(bold(phrase(language))))
            blocks += [kit.section(f"```{escape(piece)}```") for piece in _pieces(text)]
    return kit.modal(
        DETAILS, say.DETAILS_TITLE(language), blocks, close=say.CLOSE(language), metadata=of.id
    )


def names(typed: str) -> tuple[str, ...]:
    """Short names with spaces, commas or lines between."""
    return tuple(one for one in BETWEEN.split(typed) if one)


def span(of: timedelta) -> str:
    """As it is typed: `24h`, `10m`, `30s`."""
    seconds = int(of.total_seconds())
    for unit, size in UNITS:
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _options(options: RolloutOptions, language: str) -> tuple[kit.Block, ...]:
    ticked = {RETURN: options.return_by_itself, LONG: options.lock_timeout > timedelta(seconds=2)}
    choices = (
        Choice(say.RETURN_BY_ITSELF(language), RETURN),
        Choice(say.LONG_LOCKS(language), LONG),
        Choice(say.DRY_RUN(language), DRY),
    )
    return (
        CANARY_WATCH.draw(
            say.CANARY_WATCH(language), span(options.canary_watch), hint=say.TIME_HINT(language)
        ),
        WAVE_WATCH.draw(
            say.WAVE_WATCH(language), span(options.wave_watch), hint=say.TIME_HINT(language)
        ),
        THRESHOLD.draw(say.THRESHOLD(language), str(options.threshold)),
        OPTIONS.draw(
            say.OPTIONS(language), choices, frozenset(one for one, on in ticked.items() if on)
        ),
    )


def _drifted(of: Rollout, one: RolloutTarget, language: str) -> list[kit.Block]:
    lines = [target_line(one, language)]
    if one.drift is not None:
        lines += [
            f"+ {fit(line, 200)}  ({say.UNEXPECTED(language)})"
            for line in one.drift.unexpected[:MOST_LINES]
        ]
        lines += [
            f"- {fit(line, 200)}  ({say.MISSING(language)})"
            for line in one.drift.missing[:MOST_LINES]
        ]
    text = lines[0]
    if difference := escape("\n".join(lines[1:])):
        text = f"{text}\n```{difference}```"
    question = kit.confirm(
        say.BASELINE(language),
        say.BASELINE_TEXT(language),
        say.BASELINE(language),
        common.CANCEL(language),
    )
    value = orjson.dumps([of.id, one.tenant_id, one.found]).decode()
    return [
        kit.section(text),
        kit.actions(
            BASELINE.draw(say.BASELINE(language), value, confirm=question),
            TRY_AGAIN.draw(say.TRY_AGAIN(language), value),
        ),
    ]


def read_ticket(value: str) -> tuple[str, str, str]:
    """Rollout, tenant and the schema that was shown, of a button of the details."""
    rollout_id, tenant_id, found = orjson.loads(value)
    return str(rollout_id), str(tenant_id), str(found)


def _event(one: RolloutEvent, language: str) -> str:
    phrase = say.EVENTS.get(one.code)
    facts = {"who": name(one.who), "wave": "", **one.facts}
    text = phrase(language, **facts) if phrase else one.code
    return f"{day(one.at)} {time(one.at)} · {text}"


def _fitting(text: str) -> str:
    # What Slack cannot show in a field is in its file or in the last rollout; it is never cut.
    return text if len(text) <= INPUT_LIMIT else ""


def _pieces(text: str) -> list[str]:
    return [text[at : at + 2_500] for at in range(0, min(len(text), 100_000), 2_500)]
