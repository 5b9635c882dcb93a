"""Who may run the business from Slack, and what waits for their yes."""

from services.ops.confirmations import JOB, Confirmations, PendingCommand, Proposal, Starter
from services.ops.ops import COMMAND, Ops, operator_of
