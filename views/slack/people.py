"""A member's settings, templates and help."""

from services.connections import ConnectionHealth
from services.followups import MAX_NAME, MAX_OUTLINE, NewTemplate, Template
from services.people import Member, Preferences
from services.phrases import Phrase
from views.kit import blocks as kit
from views.kit.controls import Button, Choice, Radio, Select, Text
from views.kit.state import State
from views.kit.text import bold, escape, fit, name
from views.slack.connections import connection_blocks
from views.words import common
from views.words import connections as say
from views.words import followups as words

SETTINGS = "settings.form"
TEMPLATES = "settings.templates"
TEMPLATE_FORM = "settings.template_form"
HELP = "settings.help"

LANGUAGE = Select("settings.language")
TONE = Select("settings.tone")
LENGTH = Select("settings.length")
SIGNATURE = Text("settings.signature", multiline=True, limit=2_000)
SHOW_TEMPLATES = Button("settings.show_templates")
SHOW_CONNECTIONS = Button("settings.show_connections")
NEW_TEMPLATE = Button("settings.new_template")
DELETE_TEMPLATE = Button("settings.delete_template")
NAME = Text("settings.template_name", limit=MAX_NAME)
OUTLINE = Text("settings.template_outline", multiline=True, limit=MAX_OUTLINE)
SCOPE = Radio("settings.template_scope")

FOLLOW = "follow"
# Slack takes a hundred blocks in one view, and the first is a button.
MAX_LISTED = 99
ME, ALL = "me", "all"
SCOPE_FIELD = "scope"
FIELDS = {
    "name": NAME.action_id,
    "outline": OUTLINE.action_id,
    "signature": SIGNATURE.action_id,
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
    )


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


def _choices(phrases: dict[str, Phrase], language: str) -> tuple[Choice, ...]:
    return tuple(Choice(phrase(language), value or FOLLOW) for value, phrase in phrases.items())
