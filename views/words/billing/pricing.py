"""The words of the pricing page and of what comes after a checkout."""

from services.phrases import Phrase

TITLE = Phrase("Plans and prices", "Piani e prezzi")
LEAD = Phrase(
    "Try it for {days} days. You pay nothing today and can cancel any time before.",
    "Provalo per {days} giorni. Oggi non paghi nulla e puoi disdire quando vuoi prima.",
)
MONTHLY = Phrase("Monthly", "Mensile")
YEARLY = Phrase("Yearly", "Annuale")
BILLED = Phrase("Billing interval", "Periodo di fatturazione")
EACH_MONTH = Phrase("each month", "al mese")
EACH_YEAR = Phrase("each year", "all’anno")
MONTHS_FREE = Phrase("{months} months free", "{months} mesi gratis")
EMAIL = Phrase("Your work e-mail", "La tua e-mail di lavoro")
EMAIL_HINT = Phrase(
    "We send receipts and the way in to this address.",
    "A questo indirizzo inviamo le ricevute e l’accesso.",
)
START_TRIAL = Phrase("Start {days}-day trial", "Inizia la prova di {days} giorni")
CONTRACT = Phrase("By contract", "Su contratto")
WRITE = Phrase("Write to us", "Scrivici")
NOT_NOW = Phrase(
    "Nothing is sold here at present. Please come back later.",
    "Al momento qui non si vende nulla. Torna più tardi.",
)
PAID_BY = Phrase(
    "You pay on Stripe’s page; card data never reaches us.",
    "Paghi sulla pagina di Stripe; i dati della carta non arrivano mai a noi.",
)
MANAGE = Phrase(
    "You have a subscription already? Manage it with the link in your receipt.",
    "Hai già un abbonamento? Gestiscilo dal link nella ricevuta.",
)
NAMES = {
    "starter": Phrase("Starter", "Starter"),
    "professional": Phrase("Professional", "Professional"),
    "enterprise": Phrase("Enterprise", "Enterprise"),
}
POINTS: dict[str, tuple[Phrase, ...]] = {
    "starter": (
        Phrase("A database of your own", "Un database tutto tuo"),
        Phrase("Follow-ups and your CRM", "Follow-up e il tuo CRM"),
        Phrase("Updates made for you", "Aggiornamenti fatti per te"),
    ),
    "professional": (
        Phrase("Everything in Starter", "Tutto ciò che c’è in Starter"),
        Phrase("Reports and the AI gateway", "Report e gateway AI"),
        Phrase("Webhooks into your systems", "Webhook verso i tuoi sistemi"),
    ),
    "enterprise": (
        Phrase("Everything in Professional", "Tutto ciò che c’è in Professional"),
        Phrase("Single sign-on", "Single sign-on"),
        Phrase("Terms of your own, and an invoice", "Condizioni su misura e fattura"),
    ),
}

WAITING = Phrase("Your payment is being confirmed", "Stiamo confermando il pagamento")
WAITING_TEXT = Phrase(
    "This takes a few seconds. The page goes on by itself.",
    "Bastano pochi secondi. La pagina prosegue da sola.",
)
LATE_TEXT = Phrase(
    "It takes longer than usual. You need not wait or pay again: we write to you as soon as it is "
    "ready.",
    "Ci vuole più del solito. Non serve aspettare né pagare di nuovo: ti scriviamo appena è "
    "pronto.",
)
TRIAL_BEGAN = Phrase("Your trial has begun", "La prova è iniziata")
TRIAL_TEXT = Phrase(
    "{plan} is yours until {day}. Then it goes on by itself, unless you cancel before.",
    "{plan} è tuo fino al {day}. Poi prosegue da sé, se non disdici prima.",
)
ACTIVE = Phrase("Thank you, your subscription is active", "Grazie, l’abbonamento è attivo")
ACTIVE_TEXT = Phrase(
    "{plan} is ready. The receipt is in your mailbox.",
    "{plan} è pronto. La ricevuta è nella tua casella.",
)
OTHER = Phrase("Your subscription needs a look", "L’abbonamento richiede attenzione")
OTHER_TEXT = Phrase(
    "It exists, but gives no access yet. Open your receipt and check the payment there.",
    "Esiste, ma non dà ancora accesso. Apri la ricevuta e controlla lì il pagamento.",
)
UNCLAIMED = Phrase("Your payment has arrived", "Il pagamento è arrivato")
UNCLAIMED_TEXT = Phrase(
    "We check that this address is yours and write to you today. You need not do anything.",
    "Verifichiamo che l’indirizzo sia tuo e ti scriviamo oggi. Non devi fare nulla.",
)
OPEN = Phrase("You have not paid yet", "Non hai ancora pagato")
OPEN_TEXT = Phrase(
    "Your checkout is still open, nothing was charged.",
    "Il checkout è ancora aperto, non è stato addebitato nulla.",
)
GO_ON = Phrase("Continue to payment", "Continua al pagamento")
EXPIRED = Phrase("This checkout is over", "Questo checkout è scaduto")
EXPIRED_TEXT = Phrase(
    "Nothing was charged. Choose a plan again.", "Nulla è stato addebitato. Scegli di nuovo."
)
BACK = Phrase("Back to the plans", "Torna ai piani")
CLOSE_TAB = Phrase("You can close this tab.", "Puoi chiudere questa scheda.")
