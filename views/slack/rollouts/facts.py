"""What is said of a rollout's halt, of its tenants, and of its SQL, line by line."""

from typing import Any

import orjson

from services.rollouts import Breach, RolloutReview, RolloutTarget, concern, lock
from views.kit.text import escape, fit, name
from views.words import rollouts as say

SENTENCE = 300
MARKS = {
    "done": ":white_check_mark:",
    "running": ":hourglass_flowing_sand:",
    "waiting": ":white_circle:",
    "failed": ":x:",
    "drifted": ":twisted_rightwards_arrows:",
    "deferred": ":arrows_counterclockwise:",
    "kept": ":lock:",
    "untouched": ":heavy_minus_sign:",
    "left": ":alarm_clock:",
}
# No lock that anybody feels.
UNFELT = "nothing"


def breach_line(one: Breach, language: str) -> str:
    """Why it stands still."""
    detail: Any = one.detail
    if one.code == "try_out":
        told = orjson.loads(one.detail)
        detail = told["sentence"]
    text = say.BREACHES[one.code](
        language, tenant=name(one.tenant), detail=escape(fit(str(detail), SENTENCE))
    )
    return f":octagonal_sign: {text}"


def target_line(one: RolloutTarget, language: str) -> str:
    """A tenant, its state, and why."""
    phrase = say.TARGETS.get(one.code)
    facts = {"sentence": "", "sqlstate": "", "version": "", "statement": "", **one.facts}
    safe = {key: escape(fit(str(value), SENTENCE)) for key, value in facts.items()}
    why = f": {phrase(language, **safe)}" if phrase else ""
    return f"{MARKS[one.state]} {name(one.name)}{why}"


def lock_lines(review: RolloutReview, language: str) -> list[str]:
    """What each table feels, once."""
    felt = [one for statement in review.up for one in statement.locks if one.effect != UNFELT]
    return [escape(lock(one, language)) for one in dict.fromkeys(felt)]


def concern_lines(review: RolloutReview, language: str, *, back: bool = False) -> list[str]:
    """What is destroyed or hidden, on the way out or on the way back."""
    found = review.destroyed_on_way_back if back else review.concerns
    lines = [escape(concern(one, language)) for one in found]
    if not back and (waivers := len(review.lint.waivers)):
        lines.append(say.WAIVERS(language, waivers))
    if not back and review.try_out.impossible and review.surveyed:
        lines.append(say.UNTRIED(language))
    return lines


def tried_line(review: RolloutReview, language: str) -> str:
    """What the copies said."""
    tried = review.try_out
    if tried.impossible:
        return say.UNTRIED(language)
    if tried.down_returns is None:
        return say.TRIED_NO_DOWN(language)
    return say.TRIED_BACK(language) if tried.down_returns else say.TRIED_LEAVES(language)
