"""Credits as a signed-in user's app reads them."""

from collections.abc import Sequence
from typing import Literal, Self

from pydantic import BaseModel, Field, model_validator

from services.credits import Balance, CreditEntry
from services.gateway import Estimate
from views.api.kit.csv import csv_of
from views.api.kit.wire import LONGEST_NAME, Body, NextCursor, PageQuery, cut, timestamp

Kind = Literal["grant", "take_back", "hold", "settle", "release", "expire", "reverse"]
COLUMNS = ("at", "kind", "amount", "spent", "balance", "held", "reason", "id")
MOST_TOKENS = 10_000_000
LONGEST_TEXT = 500_000
ANSWER_TOKENS = 1_000


class BalanceAnswer(BaseModel):
    """Balance of a user, in whole credits of one US cent."""

    balance: int = Field(description="Credits that can be spent now", examples=[88])
    held: int = Field(description="Credits set aside for work in progress", examples=[5])
    granted: int = Field(description="Credits ever granted, less those taken back", examples=[100])
    spent: int = Field(description="Credits ever spent", examples=[7])


class EstimateBody(Body):
    """One call to a model, by its tokens or by its text."""

    model: str = Field(
        max_length=LONGEST_NAME,
        description="Model name, with or without its provider in front",
        examples=["openai/gpt-5.4-mini"],
    )
    input_tokens: int | None = Field(
        None, ge=0, le=MOST_TOKENS, description="Number of prompt tokens", examples=[12_000]
    )
    text: str | None = Field(
        None, max_length=LONGEST_TEXT, description="Prompt text, instead of `input_tokens`"
    )
    output_tokens: int = Field(
        ANSWER_TOKENS,
        ge=0,
        le=MOST_TOKENS,
        description="Number of answer tokens to be expected",
        examples=[1_500],
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.input_tokens is None) == (self.text is None):
            raise ValueError("send either input_tokens or text")
        return self


class EstimateAnswer(BaseModel):
    """Cost of that call, and the balance there is for it."""

    model: str
    provider: str
    input_tokens: int
    output_tokens: int
    cost_micro: int = Field(description="Cost in millionths of a US dollar", examples=[15_750])
    credits: int = Field(description="Credits for one such call, rounded up", examples=[2])
    balance: int = Field(description="Credits that can be spent now", examples=[88])
    sufficient: bool = Field(description="Whether the balance pays for it", examples=[True])
    price_version: str = Field(description="Version of the price table", examples=["2026-11-20"])


class EntryAnswer(BaseModel):
    """One entry of a statement."""

    id: str = Field(description="Identifier of the entry, `ctx_…`", examples=["ctx_7d1e"])
    at: str = Field(description="Time of the entry in UTC")
    kind: Kind = Field(description="Kind of the entry", examples=["settle"])
    amount: int = Field(description="Change of the balance", examples=[3])
    spent: int = Field(description="Credits spent by it, negative when refunded", examples=[7])
    balance: int = Field(description="Balance after it", examples=[93])
    held: int = Field(description="Credits set aside after it", examples=[0])
    reason: str = Field(description="Reason, empty for most kinds", examples=["Summer offer"])


class StatementAnswer(BaseModel):
    """A user's entries, newest first."""

    entries: list[EntryAnswer] = Field(description="Entries on this page")
    next: NextCursor


class StatementQuery(PageQuery):
    """Which part of a statement, and how it is written."""

    format: Literal["json", "csv"] = Field("json", description="`json`, or `csv` for spreadsheets")


def balance_answer(balance: Balance) -> BalanceAnswer:
    """A balance as its owner sees it."""
    return BalanceAnswer(
        balance=balance.available,
        held=balance.held,
        granted=balance.granted,
        spent=balance.spent,
    )


def estimate_answer(found: Estimate, credits: int, balance: int) -> EstimateAnswer:
    """A call's cost beside what there is to pay it with."""
    return EstimateAnswer(
        model=found.model,
        provider=found.provider,
        input_tokens=found.input_tokens,
        output_tokens=found.output_tokens,
        cost_micro=found.cost_micro,
        credits=credits,
        balance=balance,
        sufficient=credits <= balance,
        price_version=found.price_version,
    )


def entry_answer(entry: CreditEntry) -> EntryAnswer:
    """One line of the ledger."""
    return EntryAnswer.model_validate(
        {
            "id": entry.id,
            "at": timestamp(entry.at),
            "kind": entry.kind,
            "amount": entry.amount,
            "spent": entry.spent,
            "balance": entry.balance,
            "held": entry.held,
            "reason": entry.reason,
        }
    )


def statement_answer(found: tuple[CreditEntry, ...], limit: int) -> StatementAnswer:
    """Up to `limit` entries, of which there may be one more."""
    shown, following = cut(found, limit, lambda one: str(one.sequence))
    return StatementAnswer(entries=[entry_answer(one) for one in shown], next=following)


def statement_csv(entries: Sequence[CreditEntry]) -> bytes:
    """The entries for a spreadsheet."""
    return csv_of(
        COLUMNS,
        (
            (
                timestamp(one.at), one.kind, one.amount, one.spent, one.balance, one.held,
                one.reason, one.id,
            )
            for one in entries
        ),
    )  # fmt: skip
