"""What the steps of a provisioning say of themselves, to whoever reads their card."""

from services.phrases import Phrase

FOUND = Phrase("the account is there", "l’account c’è")
CREATED = Phrase("account created", "account creato")
NO_SUPABASE = Phrase("no Supabase is connected", "nessun Supabase collegato")
NOBODY = Phrase(
    "Supabase knows no account with this id, so nothing was given. The address is probably "
    "registered already.",
    "Supabase non conosce un account con questo id, quindi non è stato dato nulla. Probabilmente "
    "l’indirizzo è già registrato.",
)
TAKEN = Phrase(
    "This address belongs to another account of Supabase. Ask its owner to sign in, or use another "
    "address.",
    "Questo indirizzo è di un altro account di Supabase. Chiedi al titolare di accedere, o usa un "
    "altro indirizzo.",
)
CONFIRMED = Phrase("the address is confirmed", "l’indirizzo è confermato")
NOT_NEEDED = Phrase("not asked for", "non richiesto")
UNCONFIRMED = Phrase(
    "waits for the address to be confirmed", "in attesa che l’indirizzo sia confermato"
)
NEVER_CONFIRMED = Phrase(
    "The address was not confirmed within {days} days. Retry once it is.",
    "L’indirizzo non è stato confermato entro {days} giorni. Riprova quando lo sarà.",
)
CREDITS = Phrase("{amount} credits", "{amount} crediti")
SAME_MAILBOX = Phrase(
    "this mailbox had its credits already", "questa casella ha già avuto i suoi crediti"
)
NO_CREDITS = Phrase("no initial credits", "nessun credito iniziale")
KEY_STORED = Phrase("made and sealed", "creata e sigillata")
KEY_THERE = Phrase("there already", "c’era già")
ASKED_TO_WAIT = Phrase("OpenRouter asks us to slow down", "OpenRouter ci chiede di rallentare")
NOT_SET_UP = Phrase(
    "OpenRouter is not set up: set OPENROUTER_PROVISIONING_KEY",
    "OpenRouter non è configurato: imposta OPENROUTER_PROVISIONING_KEY",
)
EMPTY = Phrase(
    "the account at OpenRouter has no credits left", "l’account OpenRouter non ha più credito"
)
KEY_REFUSED = Phrase(
    "OpenRouter does not accept our management key. Check OPENROUTER_PROVISIONING_KEY, then retry.",
    "OpenRouter non accetta la nostra chiave di gestione. Controlla OPENROUTER_PROVISIONING_KEY, "
    "poi riprova.",
)
NOT_MADE = Phrase(
    "OpenRouter refused to make the key ({code}). Mend what it names, then retry.",
    "OpenRouter ha rifiutato di creare la chiave ({code}). Correggi ciò che indica, poi riprova.",
)
LIMIT = Phrase("up to ${limit}", "fino a ${limit}")
MIRRORED = Phrase("up to date", "aggiornato")
NO_MIRROR = Phrase("not configured", "non configurato")
NOT_MIRRORED = Phrase(
    "Supabase does not let us write ({code}); tried again by itself",
    "Supabase non ci lascia scrivere ({code}); si riprova da sé",
)
