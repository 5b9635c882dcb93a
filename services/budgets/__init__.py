"""Budgets of the model: what a month may cost a workspace and a member, and what it has cost."""

from services.budgets.amounts import dollars
from services.budgets.budgets import (
    Budgets,
    BudgetSheet,
    MemberBudget,
    OwnBudget,
    WorkspaceSpending,
)
from services.budgets.model_calls import CallMeter, ModelCalls, ModelPricing
from services.budgets.over import OVER, BudgetSpent, OverBudget, why
from services.budgets.telling import TELL, BudgetNews, BudgetRoom, BudgetTelling
