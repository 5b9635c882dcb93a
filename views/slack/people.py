"""A member's settings, and help."""

from datetime import time

from services.people import Member, Preferences, QuietHours
from services.phrases import Phrase
from views.kit import blocks as kit
from views.kit.controls import Button, Choice, Select, Text
from views.kit.pickers import Suggest
from views.kit.state import State
from views.kit.text import name
from views.words import common
from views.words import connections as say
from views.words import followups as words
from views.words import habits as habit_words
from views.words import people as likes_say
from views.words.followups import templates as template_words

SETTINGS = "settings.form"
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
SHOW_HABITS = Button("settings.show_habits")
SHOW_CONNECTIONS = Button("settings.show_connections")

FOLLOW = "follow"
HALF_HOURS = tuple(f"{hour:02}:{minute}" for hour in range(24) for minute in ("00", "30"))
MORNING = "08:00"
FIELDS = {
    "signature": SIGNATURE.action_id,
    "quiet_until": QUIET_UNTIL.action_id,
    "zone": ZONE.action_id,
    "aliases": ALIASES.action_id,
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
            SHOW_TEMPLATES.draw(template_words.TEMPLATES(language)),
            SHOW_HABITS.draw(habit_words.TITLE(language)),
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
