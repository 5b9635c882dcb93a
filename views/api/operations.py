"""Operations as the API tells them."""

from pydantic import BaseModel, Field

from services.operations import Operation, Step
from views.api.kit.wire import optional_timestamp, timestamp


class StepBody(BaseModel):
    """One step of an operation."""

    name: str = Field(description="Name of the step")
    state: str = Field(description="State: waiting, running, retrying, done, skipped or failed")
    note: str = Field(description="Short fact about the result")
    attempts: int = Field(description="Number of tries so far")
    began_at: str | None = Field(description="Time of the first try")
    ended_at: str | None = Field(description="Time of the end")
    next_attempt_at: str | None = Field(description="Time of the next try")


class OperationBody(BaseModel):
    """One durable operation with its steps."""

    id: str = Field(description="Id of the operation")
    kind: str = Field(description="Kind of operation, as feature.verb")
    subject_id: str = Field(description="Id of what it is about")
    title: str = Field(description="Title for people")
    state: str = Field(description="State: running, done, failed or cancelled")
    problem: str = Field(description="Reason of the failure, a sentence")
    reference: str = Field(description="Reference of the failure in the log")
    done: int = Field(description="Number of parts done")
    total: int = Field(description="Number of parts, 0 when unknown")
    steps: list[StepBody] = Field(description="Steps in their order")
    created_at: str = Field(description="Time of the start")
    updated_at: str = Field(description="Time of the last change")
    ended_at: str | None = Field(description="Time of the end")


def operation_body(operation: Operation) -> OperationBody:
    """The operation as JSON."""
    return OperationBody(
        id=operation.id,
        kind=operation.kind,
        subject_id=operation.subject_id,
        title=operation.title,
        state=operation.state,
        problem=operation.problem,
        reference=operation.reference,
        done=operation.done,
        total=operation.total,
        steps=[_step(step) for step in operation.steps],
        created_at=timestamp(operation.created_at),
        updated_at=timestamp(operation.updated_at),
        ended_at=optional_timestamp(operation.ended_at),
    )


def _step(step: Step) -> StepBody:
    return StepBody(
        name=step.name,
        state=step.state,
        note=step.note,
        attempts=step.attempt,
        began_at=optional_timestamp(step.began_at),
        ended_at=optional_timestamp(step.ended_at),
        next_attempt_at=optional_timestamp(step.next_attempt_at),
    )
