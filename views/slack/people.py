"""A member's settings, templates and help."""

from datetime import time

from services.connections import ConnectionHealth
from services.followups import MAX_NAME, MAX_OUTLINE, NewTemplate, Template
from services.people import Member, Preferences, QuietHours
from services.phrases import Phrase
from views.kit import blocks as kit
from views.kit.controls import Button, Choice, Radio, Select, Text
from views.kit.pickers import Suggest
from views.kit.state import State
from views.kit.text import bold, escape, fit, name
from views.slack.connections import connection_blocks
from views.words import common
from views.words import connections as say
from views.words import followups as words
from views.words import people as likes_say

SETTINGS = "settings.form"
TEMPLATES = "settings.templates"
TEMPLATE_FORM = "settings.template_form"
HELP = "settings.help"

LANGUAGE = Select("settings.language")
TONE = Select("settings.tone")
LENGTH = Select("settings.length")
SIGNATURE = Text("settings.signature", multiline=True, limit=2_000)
AUTO_START = Select("settings.auto_start")
QUIET_FROM = Select("settings.quiet_from")
QUIET_UNTIL = Select("settings.quiet_until")
ZONE = Suggest("settings.zone", least=0)
ALIASES = Text("settings.aliases", limit=1_000)
SHOW_TEMPLATES = Button("settings.show_templates")
SHOW_CONNECTIONS = Button("settings.show_connections")
NEW_TEMPLATE = Button("settings.new_template")
DELETE_TEMPLATE = Button("settings.delete_template")
NAME = Text("settings.template_name", limit=MAX_NAME)
OUTLINE = Text("settings.template_outline", multiline=True, limit=MAX_OUTLINE)
SCOPE = Radio("settings.template_scope")

FOLLOW = "follow"
HALF_HOURS = tuple(f"{hour:02}:{minute}" for hour in range(24) for minute in ("00", "30"))
MORNING = "08:00"
# Slack takes a hundred blocks in one view, and the first is a button.
MAX_LISTED = 99
ME, ALL = "me", "all"
SCOPE_FIELD = "scope"
FIELDS = {
    "name": NAME.action_id,
    "outline": OUTLINE.action_id,
    "signature": SIGNATURE.action_id,
    "quiet_until": QUIET_UNTIL.action_id,
    "zone": ZONE.action_id,
    "aliases": ALIASES.action_id,
    SCOPE_FIELD: SCOPE.action_id,
}


def settings(member: Member) -> kit.View:
    """Defaults of every follow-up."""
    language, likes = member.language, member.preferences
    blocks = [
        kit.section(say.SETTINGS_INTRO(language)),
        LANGUAGE.draw(
            words.LANGUAGE(language), _choices(words.LANGUAGES, language), likes.language or FOLLOW
        ),
        TONE.draw(words.TONE(language), _choices(words.TONES, language), likes.tone),
        LENGTH.draw(words.LENGTH(language), _choices(words.LENGTHS, language), likes.length),
        SIGNATURE.draw(
            say.SIGNATURE(language),
            likes.signature,
            hint=say.SIGNATURE_HINT(language),
            optional=True,
        ),
        *_by_itself(likes, language),
        kit.actions(
            SHOW_TEMPLATES.draw(say.TEMPLATES(language)),
            SHOW_CONNECTIONS.draw(say.TITLE(language)),
        ),
    ]
    return kit.modal(
        SETTINGS,
        say.SETTINGS(language),
        blocks,
        submit=common.SAVE(language),
        close=common.CLOSE(language),
    )


def read_preferences(state: State) -> Preferences:
    """What the settings form holds."""
    language = LANGUAGE.read(state)
    return Preferences(
        language="" if language == FOLLOW else language,
        tone=TONE.read(state),
        length=LENGTH.read(state),
        signature=SIGNATURE.read(state),
        auto_start=AUTO_START.read(state),
        quiet=_read_quiet(state),
        zone="" if (zone := ZONE.read(state)) == FOLLOW else zone,
        aliases=tuple(ALIASES.read(state).replace(",", " ").replace(";", " ").split()),
    )


def zone_choices(found: tuple[str, ...], typed: str, member: Member) -> tuple[Choice, ...]:
    """What is offered for the zone; Slack's first, until something else is typed."""
    listed = tuple(Choice(zone.replace("_", " "), zone) for zone in found)
    as_in_slack = Choice(likes_say.AS_IN_SLACK(member.language), FOLLOW)
    meant = typed.strip().casefold() in as_in_slack.label.casefold()
    return (as_in_slack, *listed) if meant else listed


def templates(listed: tuple[Template, ...], member: Member) -> kit.View:
    """Every template the member can use; their own can be deleted."""
    language = member.language
    blocks: list[kit.Block] = [
        kit.actions(NEW_TEMPLATE.draw(say.NEW_TEMPLATE(language), style="primary"))
    ]
    for template in listed[:MAX_LISTED]:
        owner = say.SHARED if template.shared else say.MINE if template.mine else say.BUILT_IN
        text = (
            f"{bold(name(template.name))} · {owner(language)}\n{escape(fit(template.outline, 300))}"
        )
        delete = DELETE_TEMPLATE.draw(say.DELETE(language), template.id, style="danger")
        blocks.append(kit.section(text, delete if template.mine else None))
    return kit.modal(TEMPLATES, say.TEMPLATES(language), blocks, close=common.BACK(language))


def template_form(member: Member) -> kit.View:
    """A new template."""
    language = member.language
    scope = (Choice(say.FOR_ME(language), ME), Choice(say.FOR_ALL(language), ALL))
    blocks = [
        NAME.draw(say.TEMPLATE_NAME(language)),
        OUTLINE.draw(say.TEMPLATE_OUTLINE(language)),
        SCOPE.draw(say.TEMPLATE_SCOPE(language), scope, ME),
    ]
    return kit.modal(
        TEMPLATE_FORM,
        say.NEW_TEMPLATE(language),
        blocks,
        submit=common.SAVE(language),
        close=common.BACK(language),
    )


def home(health: tuple[ConnectionHealth, ...], member: Member, link: str = "") -> kit.View:
    """The app's home: what it does, and how the connections stand.

    `link`: the personal link to connect Gmail, once it was asked for.
    """
    language = member.language
    blocks = [
        kit.section(say.HELP(language)),
        kit.divider(),
        *connection_blocks(health, language, link),
    ]
    return kit.home(blocks)


def read_template(state: State) -> NewTemplate:
    """What the template form holds."""
    return NewTemplate(NAME.read(state), OUTLINE.read(state), shared=SCOPE.read(state) == ALL)


def help_message(language: str, unknown: str = "", ops_channel: str = "") -> kit.Message:
    """What can be typed, first what was not understood; `ops_channel` for those who operate."""
    text = say.HELP(language)
    lead = say.UNKNOWN_WORD(language, word=name(unknown, 40))
    blocks = [kit.section(lead)] if unknown else []
    ops = [kit.section(say.OPS_HELP(language, channel=ops_channel))] if ops_channel else []
    return kit.message(text, *blocks, kit.section(text), *ops)


def _by_itself(likes: Preferences, language: str) -> list[kit.Block]:
    """What may happen without being asked for, and when; who and where the person is."""
    never = Choice(likes_say.NO_QUIET(language), FOLLOW)
    hours = tuple(Choice(hour, hour) for hour in HALF_HOURS)
    begin, end = (
        (f"{likes.quiet.begin:%H:%M}", f"{likes.quiet.end:%H:%M}")
        if likes.quiet
        else (FOLLOW, MORNING)
    )
    zone = Choice(likes.zone.replace("_", " "), likes.zone)
    starts = tuple(Choice(one(language), value) for value, one in likes_say.AUTO_STARTS.items())
    return [
        AUTO_START.draw(likes_say.AUTO_START(language), starts, likes.auto_start),
        QUIET_FROM.draw(likes_say.QUIET_FROM(language), (never, *hours), begin),
        QUIET_UNTIL.draw(likes_say.QUIET_UNTIL(language), hours, end),
        ZONE.draw(
            likes_say.ZONE(language),
            likes_say.ZONE_SEARCH(language),
            zone if likes.zone else Choice(likes_say.AS_IN_SLACK(language), FOLLOW),
            hint=likes_say.ZONE_HINT(language),
            optional=True,
        ),
        ALIASES.draw(
            likes_say.ALIASES(language),
            ", ".join(likes.aliases),
            hint=likes_say.ALIASES_HINT(language),
            optional=True,
        ),
    ]


def _read_quiet(state: State) -> QuietHours | None:
    begin, end = QUIET_FROM.read(state), QUIET_UNTIL.read(state)
    if begin not in HALF_HOURS or end not in HALF_HOURS:
        return None
    return QuietHours(time.fromisoformat(begin), time.fromisoformat(end))


def _choices(phrases: dict[str, Phrase], language: str) -> tuple[Choice, ...]:
    return tuple(Choice(phrase(language), value or FOLLOW) for value, phrase in phrases.items())
