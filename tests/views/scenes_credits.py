"""What the ops channel reads of credits that do not add up."""

from services.credits import CreditBreach
from tests.views.scenes import Scene, given
from views.slack import credits

ONE = (CreditBreach("0b7e6a52-1d6c-4b0f-9a55-2f3f4b6b7a10", ("chain",)),)
SEVERAL = (*ONE, CreditBreach("<b>", ("sum", "balance", "chain", "holds")))

CREDITS = tuple(
    Scene(credits.broken, name, lambda lang, told=told: given(*told, lang))
    for name, told in (("one", (ONE, 1)), ("several", (SEVERAL, 1_200)))
)
