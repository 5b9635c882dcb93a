"""The words of matching: which company is which account."""

from services.phrases import Phrase

TITLE = Phrase("Companies", "Aziende")
INTRO = Phrase(
    "Which account in {crm} a company’s e-mail domain belongs to. It is remembered for everybody "
    "here when somebody chooses; what needs no choice is not listed.",
    "A quale account di {crm} appartiene il dominio e-mail di un’azienda. Quando qualcuno sceglie, "
    "vale per tutti qui; ciò che non ha bisogno di una scelta non è in elenco.",
)
EMPTY = Phrase(
    "Nothing was chosen yet: choose a company in the options of a follow-up.",
    "Ancora nessuna scelta: scegli un’azienda nelle opzioni di un follow-up.",
)
BY = Phrase("chosen by <@{member}>", "scelto da <@{member}>")
ROW = Phrase("{domain} is {account}", "{domain} è {account}")
CHANGE = Phrase("Change", "Modifica")
FORGET = Phrase("Forget", "Dimentica")
ASK = Phrase(
    "Which account in {crm} is *{domain}*?", "A quale account di {crm} corrisponde *{domain}*?"
)
COMPANY = Phrase("Company in {crm}", "Azienda in {crm}")
TYPE = Phrase("Type a name", "Scrivi un nome")
NO_ACCOUNT = Phrase("None of these", "Nessuna di queste")
NOBODY = Phrase("none of the accounts", "nessuno degli account")
SEVERAL = Phrase(
    "Several may be meant ({names}): choose one, it is remembered. Without a choice none is used.",
    "Possono essere più d’una ({names}): scegline una, la ricordo. Senza scelta non ne uso.",
)
MATCHED = Phrase(
    "Found by the guests’ e-mail domain.", "Trovata dal dominio e-mail degli invitati."
)
UNKNOWN = Phrase(
    "No account fits the guests’ addresses. You can choose one.",
    "Nessun account corrisponde agli indirizzi degli invitati. Puoi sceglierne uno.",
)
