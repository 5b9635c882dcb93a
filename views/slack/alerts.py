"""What the ops channel reads of an alert: the message, drawn anew, and that it is over."""

from services.alerts import OVER, QUIET_AGAIN, Alert, headline
from views.kit import blocks as kit
from views.kit.text import bold, day, escape, time
from views.words import alerts as say

MINUTE = 60
WARNING = ":warning: "


def alert(of: Alert, runbook: str, language: str) -> kit.Message:
    """What is wrong, since when and how often, and where it says what to do."""
    text = headline(of.cause, escape(of.subject), language)
    mark = ":rotating_light:" if of.is_firing else ":white_check_mark:"
    lines = [f"{mark} {bold(text)}"]
    if of.detail:
        lines.append(of.detail)
    since = say.SINCE(language, day=day(of.began_at), time=time(of.began_at))
    facts = [since if of.is_firing else _over(of, language)]
    if of.count > 1:
        facts.append(say.SEEN(language, n=of.count))
    if of.times > 1:
        facts.append(say.CAME_BACK(language, n=of.times))
    facts.append(f"<{runbook}|{say.RUNBOOK(language)}>")
    return kit.message(text, kit.section("\n".join(lines)), kit.context(" · ".join(facts)))


def detail(message: kit.Message) -> str:
    """What a domain's own view says, as the lines below an alert's headline."""
    lines = []
    for block in message.blocks:
        texts = [block["text"]] if "text" in block else block.get("elements", [])
        lines += [str(text["text"]).removeprefix(WARNING) for text in texts if "text" in text]
    return "\n".join(lines)


def recovered(of: Alert, language: str) -> kit.Message:
    """That it is over, and how long it took."""
    was = headline(of.cause, escape(of.subject), language)
    text = f":white_check_mark: {say.WAS(language, headline=was)} {_over(of, language)}"
    return kit.message(text, kit.section(text))


def _over(of: Alert, language: str) -> str:
    """Of a condition how long it lasted; what only happened did not happen again."""
    if of.is_event:
        return QUIET_AGAIN(language)
    minutes = max(1, round(of.lasted.total_seconds() / MINUTE))
    return f"{OVER(language)} {say.LASTED(language, minutes)}"
