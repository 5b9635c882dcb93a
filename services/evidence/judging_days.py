"""Days and times of a draft, weighed against all that were named in the meeting."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from services.evidence import reasons
from services.evidence.almanac import WEEKDAYS
from services.evidence.claims import DATE, FINE, MEETING, NEXT, DraftClaim
from services.evidence.days import DayMention
from services.evidence.hours import HOUR, TimeMention
from services.evidence.index import HeardDay
from services.evidence.judging import BETTER_BY, ClaimContext, Verdict, check, fine, not_heard
from services.evidence.reading import read
from services.evidence.vocabulary import word_set

# An answer comes within so many lines.
ANSWERED = 2
# A draft may thank for the day itself.
_THANKS = word_set("thank grazi today oggi call meeti chiam riuni incon conve conve spoke")


def days(context: ClaimContext) -> Iterator[DraftClaim]:
    """A claim for every day, week, month and time of day in the sentence."""
    for mention in context.reading.days:
        if mention.is_weak:
            continue
        key = _key(mention)
        yield _verdict(context, mention).claim(DATE, mention.start, mention.end, key)
    for time in context.reading.times:
        key = "time:" + ",".join(map(str, sorted(time.minutes)))
        yield _time_verdict(context, time).claim(DATE, time.start, time.end, key)


def due(context: ClaimContext) -> Iterator[DraftClaim]:
    """The day that an action item is due, or the next meeting begins."""
    text = context.sentence.day
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return
    end = len(context.reading.text)
    mention = DayMention(end, end, frozenset((day,)))
    # What it is about says nothing here: a topic, or a task without its day.
    yield _verdict(replace(context, is_bare=True), mention).claim(DATE, 0, end, f"{DATE}:{day}:due")
    hours, minutes = text[11:13], text[14:16]
    if context.sentence.part == NEXT and hours.isdigit() and minutes.isdigit():
        at = int(hours) * HOUR + int(minutes)
        verdict = _time_verdict(context, TimeMention(end, end, frozenset((at,))))
        yield verdict.claim(DATE, 0, end, f"time:{at}")


def _key(mention: DayMention) -> str:
    days = ",".join(map(str, sorted(mention.readings)))
    span = f"{mention.span[0]}/{mention.span[1]}" if mention.span and not days else ""
    return f"{DATE}:{days}{span}"


def _verdict(context: ClaimContext, wanted: DayMention) -> Verdict:
    if wanted.weekday is not None:
        [day] = wanted.readings
        return not_heard(
            reasons.WRONG_WEEKDAY, words=WEEKDAYS[context.reading.language][day.weekday()]
        )
    words = context.words(wanted.start, wanted.end)
    heard = context.index.days
    if not wanted.readings:
        return _of_span(context, wanted, heard, words)
    exact = [one for one in heard if one.mention.readings & wanted.readings]
    if exact:
        return _exact(context, wanted, exact, heard, words)
    held = context.index.material.held
    if held in wanted.readings:
        is_thanks = bool(_THANKS & context.reading.stems) or wanted.readings == {held}
        return Verdict(FINE, source=MEETING) if is_thanks else not_heard(reasons.NOWHERE)
    loose = [one for one in heard if any(one.mention.may_be(day) for day in wanted.readings)]
    if loose:
        best = max(loose, key=lambda one: _score(context, one, words))
        if any(one.span and one.span == best.mention.span for one in context.reading.days):
            return fine(best.said)  # the words that were said stand beside it
        return check(reasons.NARROWED, best.said, words=best.words)
    return _absent(context, heard, words)


def _score(context: ClaimContext, heard: HeardDay, words: frozenset[str]) -> float:
    if context.is_translated:
        return float(heard.said.number in context.sentence.cited)
    return context.index.score(words, heard.said, heard.clause)


def _exact(
    context: ClaimContext,
    wanted: DayMention,
    exact: Sequence[HeardDay],
    heard: Sequence[HeardDay],
    words: frozenset[str],
) -> Verdict:
    ranked = sorted(exact, key=lambda one: (one.is_denied, -_score(context, one, words)))
    best = ranked[0]
    if best.is_denied:
        return not_heard(reasons.TAKEN_BACK, best.said)
    clear = [one for one in exact if _is_clear(one.mention, wanted) and not one.is_denied]
    if not clear:
        return check(reasons.TWO_READINGS, best.said, words=best.words)
    best = max(clear, key=lambda one: _score(context, one, words))
    if best.said.number and best.said.reading.is_conditional and not _keeps(context, best):
        return check(reasons.CONDITION, best.said)
    other = (
        None
        if context.is_bare or context.is_translated
        else _better(context, wanted, heard, words, best)
    )
    if other is not None:
        return check(reasons.BETTER_FIT, other.said, best.said, words=other.words)
    return fine(best.said)


def _is_clear(said: DayMention, wanted: DayMention) -> bool:
    """Whether the words mean one day, or the draft leaves the same two open."""
    return len(said.readings) == 1 or said.readings == wanted.readings


def _keeps(context: ClaimContext, heard: HeardDay) -> bool:
    """Whether the condition is kept, or was about something else than this day."""
    if context.reading.is_conditional:
        return True
    text, mention = heard.said.reading.text, heard.mention
    begun = max((text.rfind(mark, 0, mention.start) for mark in ".!?"), default=-1) + 1
    ends = [at for mark in ".!?" if (at := text.find(mark, mention.end)) >= 0]
    sentence = text[begun : min(ends, default=len(text))]
    held = context.index.material.held
    return not read(sentence, held, heard.said.reading.language).is_conditional


def _better(
    context: ClaimContext,
    wanted: DayMention,
    heard: Sequence[HeardDay],
    words: frozenset[str],
    best: HeardDay,
) -> HeardDay | None:
    """Another day said with more of these words."""
    stated = {day for one in context.reading.days for day in one.readings} | wanted.readings
    most, found = _score(context, best, words) + BETTER_BY, None
    for one in heard:
        days = one.mention.readings
        if not days or days & stated or one.mention.is_weak or one.is_denied:
            continue
        if 0 < best.said.at - one.said.at <= ANSWERED and best.said.number:
            continue  # the day was said in answer to that one
        fits = _score(context, one, words)
        if fits >= most:
            found, most = one, fits + 0.01
    return found


def _of_span(
    context: ClaimContext, wanted: DayMention, heard: Sequence[HeardDay], words: frozenset[str]
) -> Verdict:
    """A week or month: said as such, or a day in it was."""
    first, last = wanted.span or (date.max, date.min)
    fitting = [
        one
        for one in heard
        if (one.mention.span and one.mention.span[0] <= last and one.mention.span[1] >= first)
        or any(first <= day <= last for day in one.mention.readings)
    ]
    if not fitting:
        held = context.index.material.held
        return (
            Verdict(FINE, source=MEETING)
            if first <= held <= last
            else _absent(context, heard, words)
        )
    best = max(fitting, key=lambda one: _score(context, one, words))
    if best.said.number and best.said.reading.is_conditional and not _keeps(context, best):
        return check(reasons.CONDITION, best.said)
    return fine(best.said)


def _absent(context: ClaimContext, heard: Sequence[HeardDay], words: frozenset[str]) -> Verdict:
    ranked = [(_score(context, one, words), one) for one in heard if not one.mention.is_weak]
    score, nearest = max(ranked, key=lambda one: one[0], default=(0.0, None))
    if nearest is None or not score:
        return not_heard(reasons.NOWHERE)
    return not_heard(reasons.OTHER_VALUE, nearest.said, words=nearest.words)


def _time_verdict(context: ClaimContext, wanted: TimeMention) -> Verdict:
    heard = [(said, time) for said in context.index.said for time in said.reading.times]
    words = context.words(wanted.start, wanted.end)
    fitting = [one for one in heard if one[1].minutes & wanted.minutes]
    ranked = sorted(heard, key=lambda one: -context.index.score(words, one[0], frozenset()))
    if fitting:
        return fine(*(said for said, _ in fitting[:2]))
    if not ranked:
        return not_heard(reasons.TIME_NOT_SAID)
    said, time = ranked[0]
    shown = said.reading.text[time.start : time.end]
    return not_heard(reasons.OTHER_TIME, said, words=shown)
