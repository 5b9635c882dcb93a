"""The words of budgets."""

from services.phrases import Phrase, Plural

TITLE = Phrase("Model budget", "Budget del modello")
MEMBER_TITLE = Phrase("Budget of a member", "Budget di un membro")
INTRO = Phrase(
    "What the model may cost in a month. At 80 % I warn you; at 100 % drafts are plain letters "
    "from Fathom’s summary until the month ends or you raise it.",
    "Quanto può costare il modello in un mese. All’80 % ti avviso; al 100 % le bozze diventano "
    "lettere semplici dal riassunto di Fathom, finché il mese finisce o lo alzi.",
)
SPENT_OF = Phrase("{spent} of {limit} spent ({share})", "spesi {spent} di {limit} ({share})")
SPENT = Phrase("{spent} spent, no limit", "spesi {spent}, nessun limite")
HELD = Phrase("about {held} more under way", "circa {held} in corso")
CALLS = Plural(
    Phrase("{n} call of the model", "{n} richiesta al modello"),
    Phrase("{n} calls of the model", "{n} richieste al modello"),
)
ZONE = Phrase("Months as in {zone}", "Mesi secondo {zone}")
NOT_PRICED = Phrase(
    ":warning: I do not know the price of this model, so nothing is counted and no limit holds. "
    "Tell whoever runs Seguito.",
    ":warning: Non conosco il prezzo di questo modello: nulla viene contato e nessun limite vale. "
    "Dillo a chi gestisce Seguito.",
)
WORKSPACE = Phrase("Whole workspace, US dollars a month", "Tutto il workspace, dollari USA al mese")
DEFAULT = Phrase("Each member, US dollars a month", "Ogni membro, dollari USA al mese")
EMPTY_HINT = Phrase(
    "Like 20 or 7.50. Empty: no limit. 0: no drafts by the model.",
    "Come 20 o 7,50. Vuoto: nessun limite. 0: nessuna bozza dal modello.",
)
MEMBERS = Phrase("Members this month", "Membri in questo mese")
NO_MEMBERS = Phrase("Nobody has used the model yet.", "Nessuno ha ancora usato il modello.")
MORE_MEMBERS = Plural(
    Phrase("and one more, who spent less", "e un altro, che ha speso meno"),
    Phrase("and {n} more, who spent less", "e altri {n}, che hanno speso meno"),
)
EXCEPTION = Phrase("own budget", "budget proprio")
ADD = Phrase("Budget for one member", "Budget per un membro")
CHANGE = Phrase("Change", "Modifica")
REMOVE = Phrase("Remove", "Togli")
MEMBER = Phrase("Member", "Membro")
AMOUNT = Phrase("US dollars a month", "Dollari USA al mese")
AMOUNT_HINT = Phrase(
    "Instead of the budget for each member. Empty: no limit for this person. 0: no drafts by the "
    "model.",
    "Al posto del budget di ogni membro. Vuoto: nessun limite per questa persona. 0: nessuna bozza "
    "dal modello.",
)
OWN = Phrase("Your model budget, {month}: {spent}.", "Il tuo budget del modello, {month}: {spent}.")
WORKSPACE_IS_SPENT = Phrase(
    "The workspace’s budget is used up, so drafts are plain letters.",
    "Il budget del workspace è esaurito: le bozze sono lettere semplici.",
)
ASK_ADMIN = Phrase(
    "An admin of this Slack workspace can change it with /seguito budget.",
    "Un admin di questo workspace Slack può cambiarlo con /seguito budget.",
)
WARNING_WORKSPACE = Phrase(
    ":warning: The model budget of this workspace is at {share}: {spent} of {limit} in {month}. At "
    "100 % drafts are plain letters. Raise it with /seguito budget.",
    ":warning: Il budget del modello di questo workspace è al {share}: {spent} di {limit} in "
    "{month}. Al 100 % le bozze diventano lettere semplici. Alzalo con /seguito budget.",
)
WARNING_OWN = Phrase(
    ":warning: Your model budget is at {share}: {spent} of {limit} in {month}. At 100 % drafts are "
    "plain letters. An admin of this Slack workspace can raise it with /seguito budget.",
    ":warning: Il tuo budget del modello è al {share}: {spent} di {limit} in {month}. Al 100 % le "
    "bozze diventano lettere semplici. Un admin di questo workspace Slack può alzarlo con /seguito "
    "budget.",
)
SPENT_WORKSPACE = Phrase(
    ":no_entry: The model budget of this workspace is used up: {spent} of {limit} in {month}. "
    "Drafts are plain letters until the month ends. Raise it with /seguito budget.",
    ":no_entry: Il budget del modello di questo workspace è esaurito: {spent} di {limit} in "
    "{month}. Le bozze sono lettere semplici fino a fine mese. Alzalo con /seguito budget.",
)
SPENT_OWN = Phrase(
    ":no_entry: Your model budget is used up: {spent} of {limit} in {month}. Drafts are plain "
    "letters until the month ends. An admin of this Slack workspace can raise it with /seguito "
    "budget.",
    ":no_entry: Il tuo budget del modello è esaurito: {spent} di {limit} in {month}. Le bozze sono "
    "lettere semplici fino a fine mese. Un admin di questo workspace Slack può alzarlo con "
    "/seguito budget.",
)
