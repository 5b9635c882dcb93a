"""Credits: the ledger of what users may spend."""

from bot.wiring.foundation import Foundation
from services import CreditServices
from services.credits import BreachRoom, CreditHolds, CreditProofs, Credits


def build_credits(base: Foundation, room: BreachRoom) -> CreditServices:
    """`room` hears of accounts that do not prove."""
    database, clock = base.database, base.clock
    return CreditServices(
        accounts=Credits(database, clock),
        holds=CreditHolds(database, clock),
        proofs=CreditProofs(database, room),
    )
