"""The words of credits in the ops channel."""

from services.phrases import Phrase, Plural

BROKEN = Plural(
    Phrase("The credits of one user do not add up.", "I crediti di un utente non tornano."),
    Phrase("The credits of {n} users do not add up.", "I crediti di {n} utenti non tornano."),
)
WHAT_TO_DO = Phrase(
    "Somebody changed the database past the program. Compare the tables credit_accounts, "
    "credit_transactions and credit_holds with a backup from before, and change nothing by hand.",
    "Qualcuno ha modificato il database senza passare dal programma. Confronta le tabelle "
    "credit_accounts, credit_transactions e credit_holds con un backup precedente, e non cambiare "
    "nulla a mano.",
)
PARTS = {
    "sum": Phrase("entries do not sum to zero", "i movimenti non danno somma zero"),
    "balance": Phrase(
        "the balance is not the sum of the entries", "il saldo non è la somma dei movimenti"
    ),
    "chain": Phrase("an entry was changed or is missing", "un movimento è stato cambiato o manca"),
    "holds": Phrase(
        "what is set aside does not match the open holds",
        "i crediti messi da parte non corrispondono alle riserve aperte",
    ),
}
