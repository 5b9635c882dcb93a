"""Credits: what a user may spend, in a double-entry ledger that can be proved."""

from services.credits.accounts import Credits
from services.credits.entries import Balance, CreditEntry, CreditHold, credits_for
from services.credits.holds import CreditHolds
from services.credits.posting import NotEnoughCredits
from services.credits.proofs import BreachRoom, CreditBreach, CreditProofs
