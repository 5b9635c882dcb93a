"""Licenses in bulk as the API tells them, the results as CSV that no spreadsheet executes."""

from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, Field

from services.issuing import MAX_BYTES, BulkLine, BulkProgress
from views.api.kit.csv import csv_of
from views.api.kit.wire import Body, optional_timestamp, timestamp

COLUMNS = ("line", "email", "plan", "months", "domain", "name", "state", "reason", "license_id")


class BulkBody(Body):
    """A CSV file as text."""

    csv: str = Field(
        max_length=MAX_BYTES, description="CSV text with the header `email,plan,months,domain,name`"
    )
    send_email: bool = Field(False, description="Whether every customer is sent the key")


class BulkAnswer(BaseModel):
    """Progress of a bulk issue."""

    id: str = Field(description="Identifier `bulk_…`, also the job's")
    state: Literal["proposed", "running", "done", "failed"]
    requested_by: str
    total: int = Field(description="Number of lines in the file")
    waiting: int = Field(description="Valid lines still waiting")
    issued: int
    known: int = Field(description="Lines already issued by an earlier upload")
    bad: int = Field(description="Invalid lines, with reasons in the results")
    problem: str
    reference: str
    created_at: str
    ended_at: str | None


def bulk_answer(progress: BulkProgress) -> BulkAnswer:
    """One bulk issue with its counts."""
    return BulkAnswer.model_validate(
        {
            "id": progress.id,
            "state": progress.state,
            "requested_by": progress.operator_name,
            "total": progress.total,
            "waiting": progress.waiting,
            "issued": progress.issued,
            "known": progress.known,
            "bad": progress.bad,
            "problem": progress.problem,
            "reference": progress.reference,
            "created_at": timestamp(progress.created_at),
            "ended_at": optional_timestamp(progress.ended_at),
        }
    )


def results_csv(lines: Iterable[BulkLine]) -> bytes:
    """Every line and what became of it; UTF-8 with a byte order mark, as Excel expects."""
    return csv_of(COLUMNS, map(_values, lines))


def _values(line: BulkLine) -> tuple[str | int, ...]:
    return (
        line.number,
        line.email,
        line.plan,
        "" if line.months is None else line.months,
        line.domain,
        line.name,
        line.state,
        line.reason,
        line.license_id,
    )
