"""Rollouts as the admin API tells them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from pydantic import BaseModel, Field

from services.rollouts import (
    Rollout,
    RolloutOptions,
    RolloutOrder,
    RolloutReview,
    RolloutTarget,
)
from views.api.kit.wire import (
    LONGEST_NAME,
    Body,
    NextCursor,
    PageQuery,
    cut,
    optional_timestamp,
    timestamp,
)
from views.slack.rollouts.facts import breach_line, concern_lines, lock_lines, target_line

MOST_TENANTS = 1_000
LONGEST_SQL = 1_000_000
LONGEST_WATCH = 30 * 86_400
ENGLISH = "en"
SQL = "ALTER TABLE orders ADD COLUMN note text"
HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
REVIEW = {
    "waves": [1, 19],
    "canary": "acme",
    "locks": [],
    "concerns": [],
    "advice": [],
    "tried": True,
}
TENANT = {
    "id": "ten_8c1f",
    "name": "acme",
    "wave": 1,
    "state": "done",
    "code": "",
    "message": "acme",
    "attempts": 1,
    "ended_at": "2026-11-21T09:30:00Z",
}
State = Literal[
    "checking",
    "refused",
    "rehearsed",
    "proposed",
    "withdrawn",
    "open",
    "done",
    "aborted",
    "rolled_back",
]
Control = Literal["run", "pause", "halt", "abort"]
StrategyName = Literal["all", "gradual", "canary", "canary_gradual"]
Verb = Literal[
    "start", "pause", "resume", "hold", "abort", "retry_failed", "finish_without", "roll_back"
]


class RunMigrationBody(Body):
    """A migration, and over whom it is rolled out."""

    migration_sql: str = Field(
        max_length=LONGEST_SQL, description="SQL of the migration", examples=[SQL]
    )
    version: str = Field(
        max_length=64, description="Version of the migration", examples=["0042_add_note"]
    )
    rollback_sql: str = Field(
        "",
        max_length=LONGEST_SQL,
        description="SQL of the way back, tried on a copy",
        examples=["ALTER TABLE orders DROP COLUMN note"],
    )
    strategy: StrategyName = Field(
        "canary", description="Waves: one tenant first, 10, 50, 100 %, both, or all at once"
    )
    tenants: list[str] = Field(
        default_factory=list,
        max_length=MOST_TENANTS,
        description="Short names or identifiers; every ready tenant when empty",
        examples=[["acme", "globex"]],
    )
    dry_run: bool = Field(False, description="Check only, change nothing")
    canary: str = Field("", max_length=LONGEST_NAME, description="Tenant that goes first")
    canary_watch_seconds: int = Field(
        86_400, ge=0, le=LONGEST_WATCH, description="Watch of the first tenant"
    )
    wave_watch_seconds: int = Field(
        600, ge=0, le=LONGEST_WATCH, description="Watch of each other wave"
    )
    failure_threshold: int = Field(
        1, ge=1, le=1_000, description="Failures that halt a wave of more than five tenants"
    )
    roll_back_when_halted: bool = Field(False, description="Roll back instead of only halting")


class ControlRolloutBody(Body):
    """Action that steers a rollout."""

    action: Verb = Field(description="Action on the rollout", examples=["pause"])
    confirm: str = Field(
        "", max_length=64, description="Version, typed again where rolling back destroys data"
    )


class MigrationStatusQuery(PageQuery):
    """Which rollouts."""

    rollout: str = Field(
        "",
        max_length=LONGEST_NAME,
        description="Identifier of one rollout, told with its tenants",
        examples=["ro_8c1f2a7b9d10"],
    )


class RolloutTenantAnswer(BaseModel):
    """One tenant of a rollout."""

    id: str = Field(description="Identifier of the tenant", examples=["ten_8c1f"])
    name: str = Field(description="Short name of the tenant", examples=["acme"])
    wave: int = Field(description="Wave of the tenant", examples=[2])
    state: str = Field(description="State of the tenant", examples=["done"])
    code: str = Field(description="Reason as a code, empty for none", examples=["statement"])
    message: str = Field(description="Sentence for people", examples=["acme"])
    attempts: int = Field(description="Number of tries", examples=[1])
    ended_at: str | None = Field(description="Time of its end")


class RolloutReviewAnswer(BaseModel):
    """Findings of the check."""

    waves: list[int] = Field(description="Tenants in each wave", examples=[[1, 1, 8, 10]])
    canary: str = Field(description="Tenant that goes first", examples=["acme"])
    locks: list[str] = Field(description="Locks that others feel", examples=[[]])
    concerns: list[str] = Field(description="Reasons for a second admin's approval", examples=[[]])
    advice: list[str] = Field(description="Advice of the linter", examples=[[]])
    tried: bool = Field(description="Whether it was tried on a copy", examples=[True])


class RolloutAnswer(BaseModel):
    """A rollout and its progress."""

    id: str = Field(description="Identifier of the rollout", examples=["ro_8c1f2a7b9d10"])
    version: str = Field(description="Version of the migration", examples=["0042_add_note"])
    sha256: str = Field(
        description="Hash of the SQL, which an approval is bound to", examples=[HASH]
    )
    strategy: StrategyName = Field(description="Strategy of the waves", examples=["canary"])
    state: State = Field(description="State of the rollout", examples=["open"])
    control: Control = Field(description="Control of an open rollout", examples=["run"])
    direction: Literal["up", "down"] = Field(
        description="`down` while and after rolling back", examples=["up"]
    )
    approval_required: bool = Field(
        description="Whether a second admin must agree", examples=[False]
    )
    approved_by: str = Field(description="Name of the approving admin", examples=[""])
    can_roll_back: bool = Field(description="Whether the way back is proven", examples=[True])
    wave: int = Field(description="Number of the current wave", examples=[2])
    waves: int = Field(description="Number of waves", examples=[4])
    watched_until: str | None = Field(
        description="End of the watch of this wave", examples=["2026-11-21T09:40:00Z"]
    )
    counts: dict[str, int] = Field(description="Tenants by state", examples=[{"done": 20}])
    problems: list[str] = Field(description="Reasons for a halt or refusal", examples=[[]])
    created_at: str = Field(description="Time of creation in UTC")
    ended_at: str | None = Field(description="Time of its end")
    review: RolloutReviewAnswer | None = Field(
        None,
        description="Findings of the check, when one rollout is asked for",
        examples=[REVIEW],
    )
    tenants: list[RolloutTenantAnswer] | None = Field(
        None, description="Tenants, when one rollout is asked for", examples=[[TENANT]]
    )


class RolloutPage(BaseModel):
    """The newest rollouts first."""

    rollouts: list[RolloutAnswer] = Field(description="Rollouts on this page")
    next: NextCursor


def read_order(body: RunMigrationBody) -> RolloutOrder:
    """What the body asks for; it goes on by itself unless it is a dry run."""
    options = RolloutOptions(
        canary_watch=timedelta(seconds=body.canary_watch_seconds),
        wave_watch=timedelta(seconds=body.wave_watch_seconds),
        threshold=body.failure_threshold,
        return_by_itself=body.roll_back_when_halted,
    )
    return RolloutOrder(
        version=body.version,
        up_sql=body.migration_sql,
        down_sql=body.rollback_sql,
        strategy=body.strategy,
        tenants=tuple(body.tenants),
        canary=body.canary,
        options=options,
        dry_run=body.dry_run,
        start=not body.dry_run,
    )


def rollout_answer(
    of: Rollout,
    review: RolloutReview | None = None,
    tenants: Sequence[RolloutTarget] | None = None,
) -> RolloutAnswer:
    """One rollout as the API shows it."""
    return RolloutAnswer.model_validate(
        {
            "id": of.id,
            "version": of.version,
            "sha256": of.hash,
            "strategy": of.strategy,
            "state": of.state,
            "control": of.control,
            "direction": of.direction,
            "approval_required": of.needs_approval,
            "approved_by": of.approved_by,
            "can_roll_back": of.can_roll_back,
            "wave": of.wave,
            "waves": of.waves,
            "watched_until": optional_timestamp(of.watch_until),
            "counts": dict(of.counts),
            "problems": [_plain(breach_line(one, ENGLISH)) for one in of.breaches],
            "created_at": timestamp(of.created_at),
            "ended_at": optional_timestamp(of.ended_at),
            "review": _review(review) if review else None,
            "tenants": None if tenants is None else [_tenant(one) for one in tenants],
        }
    )


def rollout_page(found: tuple[Rollout, ...], limit: int) -> RolloutPage:
    """A page, with where it goes on."""
    shown, cursor = cut(found, limit, lambda one: one.id)
    return RolloutPage(rollouts=[rollout_answer(one) for one in shown], next=cursor)


def _review(review: RolloutReview) -> RolloutReviewAnswer:
    return RolloutReviewAnswer(
        waves=list(review.sizes),
        canary=review.canary,
        locks=lock_lines(review, ENGLISH),
        concerns=concern_lines(review, ENGLISH),
        advice=[f"line {one.line}: {one.message}" for one in review.lint.findings],
        tried=not review.try_out.impossible,
    )


def _tenant(one: RolloutTarget) -> RolloutTenantAnswer:
    return RolloutTenantAnswer(
        id=one.tenant_id,
        name=one.name,
        wave=one.wave,
        state=one.state,
        code=one.code,
        message=_plain(target_line(one, ENGLISH)),
        attempts=one.attempt,
        ended_at=optional_timestamp(one.ended_at),
    )


def _plain(line: str) -> str:
    """Without what only Slack draws: the emoji in front, and marks of direction."""
    text = line.partition(" ")[2] if line.startswith(":") else line
    return text.replace("\u2068", "").replace("\u2069", "").replace("*", "")
