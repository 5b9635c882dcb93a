"""What a rollout's check found in its SQL and on copies, before anything is changed."""

from services.rollouts import Rollout, RolloutReview, concern, lock
from views.dashboard.kit.blocks import Check, Checks, Tone
from views.dashboard.kit.reader import PageReader
from views.dashboard.rollout_parts import plain, sentence
from views.words import rollouts as words
from views.words.dashboard import rollouts as say

# No lock that anybody feels.
UNFELT = "nothing"
MOST_LINES = 20


def found(of: Rollout, review: RolloutReview, reader: PageReader) -> Checks:
    """Each finding in words, the plan first."""
    checks = [
        Check("info", reader(words.PLAN), _plan(of, review, reader)),
        _locks(of, review, reader),
        _tried(review, reader),
    ]
    if review.try_out.on_empty == "fails":
        checks.append(Check("warn", reader(say.NEW_TENANTS), reader(words.ON_EMPTY_FAILS)))
    if concerns := dangers(review, reader):
        checks.append(Check("warn", reader(say.SECOND_ADMIN), sentence("; ".join(concerns))))
    if lost := losses(review, reader):
        checks.append(Check("warn", reader(say.WAY_BACK), sentence(lost)))
    if of.options.return_by_itself:
        checks.append(Check("info", reader(say.WAY_BACK), sentence(reader(words.BY_ITSELF))))
    return Checks(reader(say.CHECK), (*checks, *_advice(review, reader), *_odd(review, reader)))


def dangers(review: RolloutReview, reader: PageReader) -> tuple[str, ...]:
    """Why a second admin must agree."""
    told = [concern(one, reader.language) for one in review.concerns]
    if waivers := len(review.lint.waivers):
        told.append(words.WAIVERS(reader.language, waivers))
    if review.try_out.impossible and review.surveyed:
        told.append(reader(words.UNTRIED))
    return tuple(told)


def losses(review: RolloutReview | None, reader: PageReader) -> str:
    """What the way back destroys; "" for nothing."""
    lost = review.destroyed_on_way_back if review else ()
    return ", ".join(concern(one, reader.language) for one in lost)


def _plan(of: Rollout, review: RolloutReview, reader: PageReader) -> str:
    strategy = reader(words.STRATEGIES[of.strategy])
    if not review.surveyed:
        return f"{strategy}. {reader(words.NOBODY_THERE)}"
    sizes = " → ".join(reader.number(size) for size in review.sizes)
    first = f" ({reader(words.CANARY_IS, name=review.canary)})" if review.canary else ""
    return f"{strategy}: {sizes}{first}"


def _locks(of: Rollout, review: RolloutReview, reader: PageReader) -> Check:
    felt = dict.fromkeys(
        one for statement in review.up for one in statement.locks if one.effect != UNFELT
    )
    told = [lock(one, reader.language) for one in felt][:MOST_LINES] or [
        sentence(reader(words.NO_LOCKS))
    ]
    seconds = int(of.options.lock_timeout.total_seconds())
    waits = reader(words.LOCK_WAIT, seconds=seconds)
    hard = any(one.effect in ("scan", "rewrite") for one in felt)
    # A table's name stays as it is written.
    text = f"{'; '.join(told)}. {sentence(waits)}."
    return Check("warn" if hard else "good", reader(words.LOCKS), text)


def _tried(review: RolloutReview, reader: PageReader) -> Check:
    tried = review.try_out
    tone: Tone = "good" if tried.down_returns else "warn"
    if tried.failure is not None:
        tone, text = "bad", tried.failure.sentence
    elif tried.impossible:
        text = reader(words.UNTRIED)
    elif tried.down_returns is None:
        text = reader(plain(words.TRIED_NO_DOWN))
    else:
        left = words.TRIED_BACK if tried.down_returns else words.TRIED_LEAVES
        text = reader(plain(left))
    return Check(tone, reader(words.TRIED), sentence(text))


def _advice(review: RolloutReview, reader: PageReader) -> tuple[Check, ...]:
    label = reader(words.LINT)
    if review.lint.missing:
        return (Check("warn", label, sentence(reader(words.LINT_MISSING))),)
    return tuple(
        Check("info", label, sentence(reader(words.LINT_LINE, line=one.line, message=one.message)))
        for one in review.lint.findings[:MOST_LINES]
    )


def _odd(review: RolloutReview, reader: PageReader) -> tuple[Check, ...]:
    named = ((words.AWAY, review.away), (words.ODD, review.odd), (words.WAITS, review.waits))
    return tuple(
        Check(
            "warn",
            reader(say.TENANTS),
            sentence(reader(phrase, names=", ".join(names[:MOST_LINES]))),
        )
        for phrase, names in named
        if names
    )
