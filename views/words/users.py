"""The words of users in Slack: provisioning, its command, and what goes wrong."""

from services.phrases import Phrase
from views.words.operations import KindWords

PROVISION_KIND = KindWords(
    Phrase("Provision user", "Provisioning utente"),
    {
        "account": Phrase("Account", "Account"),
        "confirmation": Phrase("Address confirmed", "Indirizzo confermato"),
        "profile": Phrase("Profile", "Profilo"),
        "credits": Phrase("Initial credits", "Crediti iniziali"),
        "key": Phrase("OpenRouter key", "Chiave OpenRouter"),
        "mapping": Phrase("Key assigned", "Chiave assegnata"),
        "mirror": Phrase("Profile in Supabase", "Profilo in Supabase"),
        "active": Phrase("Active", "Attivo"),
    },
)

SAME_MAILBOX = Phrase(
    "{email} signed up with a mailbox that had its initial credits already. The user has a key and "
    "no second credits; if they shall have some, grant them over the API.",
    "{email} si è iscritto con una casella che aveva già avuto i crediti iniziali. L’utente ha una "
    "chiave ma non altri crediti; se deve averne, assegnali via API.",
)
NOT_MIRRORED = Phrase(
    "Profiles cannot be written to Supabase ({problem}); it is tried again by itself. Check the "
    "grants on its table profiles and SUPABASE_SECRET_KEY.",
    "I profili non si possono scrivere in Supabase ({problem}); si riprova da sé. Controlla i "
    "permessi sulla tabella profiles e SUPABASE_SECRET_KEY.",
)
EMPTY = Phrase(
    "The account at OpenRouter has no credits left, so new users wait for their keys. Add credits "
    "at openrouter.ai; they go on by themselves.",
    "L’account OpenRouter non ha più credito, quindi i nuovi utenti aspettano la chiave. Aggiungi "
    "credito su openrouter.ai; il resto continua da sé.",
)
