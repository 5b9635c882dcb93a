"""The recap: the form in which its owner chooses channel and words, and the message itself."""

from services.followups import FollowUp, RecapChannel, RecapForm, RecapWish
from services.people import Member
from views.kit import blocks as kit
from views.kit.controls import Button, Choice, Conversation, LongText, Ticks
from views.kit.state import State
from views.kit.text import escape, link
from views.slack.followups.review import heading
from views.words import common
from views.words.followups import actions as words

RECAP_FORM = "followups.recap_form"

OPEN_RECAP = Button("followups.open_recap")
CHANNEL = Conversation("followups.recap_channel")
TEXT = LongText("followups.recap_text")
OUTSIDERS = Ticks("followups.recap_outsiders")

YES = "yes"
# Whether the form posts at once, or keeps what was chosen for the review it lies on.
NOW, LATER = "now", "later"


def recap_form(
    form: RecapForm, member: Member, when: str, shared: RecapChannel | None = None
) -> kit.View:
    """Channel and words; `shared` is the chosen one when people from outside read it."""
    language, followup = member.language, form.followup
    blocks = [
        kit.section(heading(followup, language)),
        CHANNEL.draw(words.CHANNEL(language), form.wish.channel_id),
    ]
    if shared is not None:
        warning = words.OUTSIDERS_READ(language, channel=escape(shared.name))
        blocks.append(kit.section(f":rotating_light: {warning}"))
        box = (Choice(words.OUTSIDERS_MAY(language), YES),)
        blocks.append(OUTSIDERS.draw(words.OUTSIDERS_LABEL(language), box, frozenset()))
    blocks += TEXT.draw(words.RECAP_TEXT(language), form.text, turn=followup.version)
    blocks.append(kit.context(words.RECAP_HINT(language)))
    submit = words.POST_RECAP if when == NOW else common.SAVE
    return kit.modal(
        RECAP_FORM,
        words.RECAP_TITLE(language),
        blocks,
        submit=submit(language),
        close=common.CLOSE(language),
        metadata=f"{followup.id}:{when}",
    )


def read_recap(state: State) -> RecapWish:
    """What was chosen."""
    return RecapWish(
        channel_id=CHANNEL.read(state),
        text=TEXT.read(state),
        outsiders=YES in OUTSIDERS.read(state),
    )


def read_purpose(metadata: str) -> tuple[str, str]:
    """Which follow-up a form is about, and whether it posts at once."""
    followup_id, _, when = metadata.partition(":")
    return followup_id, when


def error_block(state: State, field: str) -> str:
    """The block under which an error about `field` is shown."""
    return TEXT.block(state) if field == "text" else state.block_of(CHANNEL.action_id)


def message(followup: FollowUp, text: str, language: str) -> kit.Message:
    """The recap as the channel sees it: whatever is typed is text, and notifies nobody."""
    written = escape(text)
    blocks = [*kit.sections(written)]
    if followup.url:
        blocks.append(kit.context(link(followup.url, words.RECORDING(language))))
    return kit.message(written, *blocks)
