"""Follow-ups of every workspace in numbers: their cost, how they were changed, how fast used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, TIMESTAMP, bindparam, text

from db.store.session import Session

MOMENT = TIMESTAMP(timezone=True)
BETWEEN = (bindparam("since", type_=MOMENT), bindparam("until", type_=MOMENT))
WRITTEN = "f.created_at >= :since AND f.created_at < :until AND f.version > 0"
# `edited` is a hand on the text between writing and use; `plain` was made without the model.
OUTCOMES = text(f"""
WITH written AS (
    SELECT f.id, f.created_at, width_bucket(f.created_at, :bounds) - 1 AS place,
        EXISTS (SELECT FROM followup_versions AS v
            WHERE v.followup_id = f.id AND v.origin = 'edited') AS edited,
        EXISTS (SELECT FROM followup_versions AS v
            WHERE v.followup_id = f.id AND v.origin = 'plain') AS plain,
        (SELECT count(*) FROM followup_versions AS v
            WHERE v.followup_id = f.id AND v.origin = 'written') > 1 AS regenerated,
        (SELECT min(done_at) FROM followup_receipts AS r WHERE r.followup_id = f.id) AS used_at
    FROM followups AS f WHERE {WRITTEN}
)
SELECT place, count(*), count(*) FILTER (WHERE edited), count(*) FILTER (WHERE regenerated),
    count(*) FILTER (WHERE plain), count(used_at),
    percentile_disc(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM used_at - created_at)),
    percentile_disc(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM used_at - created_at))
FROM written GROUP BY GROUPING SETS ((place), ()) ORDER BY place NULLS FIRST
""").bindparams(  # noqa: S608 - constants of this file
    bindparam("bounds", type_=ARRAY(MOMENT)), *BETWEEN
)
TOKENS = text(f"""
SELECT v.model, v.input_tokens, v.cached_tokens, v.output_tokens, count(*)
FROM followups AS f JOIN followup_versions AS v ON v.followup_id = f.id
WHERE {WRITTEN} AND v.model <> '' GROUP BY 1, 2, 3, 4 ORDER BY 1
""").bindparams(*BETWEEN)  # noqa: S608 - constants of this file
ACTIONS = text(f"""
SELECT r.action, count(*) FILTER (WHERE r.done_at IS NOT NULL), count(*) FILTER (
    WHERE r.status = 'failed')
FROM followups AS f JOIN followup_receipts AS r ON r.followup_id = f.id
WHERE {WRITTEN} GROUP BY r.action ORDER BY 2 DESC, r.action
""").bindparams(*BETWEEN)  # noqa: S608 - constants of this file
FAILED = text("""
SELECT count(*) FROM followups AS f
WHERE f.created_at >= :since AND f.created_at < :until AND f.status = 'failed'
""").bindparams(*BETWEEN)


class Outcome(NamedTuple):
    """Of so many `written`, how many were …; times to use in seconds, None when none was used."""

    written: int
    edited: int
    regenerated: int
    plain: int
    used: int
    median_s: float | None
    slow_s: float | None


class ModelTokens(NamedTuple):
    """So many versions that a model wrote with these tokens; the cached ones come on top."""

    model: str
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    versions: int


@dataclass(frozen=True, slots=True)
class Written:
    """Follow-ups begun in a time that have a draft: all together, and by place of their bounds."""

    all: Outcome
    places: dict[int, Outcome]
    failed: int


async def written(session: Session, bounds: Sequence[datetime]) -> Written:
    """Global: follow-ups begun between the first and the last of the bounds."""
    given = {"bounds": list(bounds), "since": bounds[0], "until": bounds[-1]}
    rows: Sequence[Any] = (await session.execute(OUTCOMES, given)).all()
    found = {row[0]: _outcome(row[1:]) for row in rows}
    failed: int = (await session.execute(FAILED, given)).scalar_one()
    return Written(
        found.pop(None, Outcome(0, 0, 0, 0, 0, None, None)),
        {int(place): outcome for place, outcome in found.items()},
        failed,
    )


async def tokens(session: Session, since: datetime, until: datetime) -> list[ModelTokens]:
    """Global: what the models were asked for follow-ups begun in this time."""
    rows: Sequence[Any] = (await session.execute(TOKENS, {"since": since, "until": until})).all()
    return [ModelTokens(row[0], *map(int, row[1:])) for row in rows]


async def actions(session: Session, since: datetime, until: datetime) -> list[tuple[str, int, int]]:
    """Global: what follow-ups begun in this time were used for, how often, and what failed."""
    rows: Sequence[Any] = (await session.execute(ACTIONS, {"since": since, "until": until})).all()
    return [(action, int(done), int(failed)) for action, done, failed in rows]


def _outcome(row: Sequence[Any]) -> Outcome:
    median, slow = (None if value is None else float(value) for value in row[5:])
    written, edited, regenerated, plain, used = map(int, row[:5])
    return Outcome(written, edited, regenerated, plain, used, median, slow)
