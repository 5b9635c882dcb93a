"""The words of licenses in Slack: the command, its forms, preview, receipt, bulk."""

from services.phrases import Phrase, Plural
from views.words.operations import KindWords

ABOUT = Phrase("issue a license", "emettere una licenza")
EMAIL_NAME = Phrase("email", "email")
EMAIL_ABOUT = Phrase("the customer’s e-mail address", "l’indirizzo e-mail del cliente")
EMAIL_UNFIT = Phrase(
    "“{value}” is not an e-mail address. Type for example: {example}",
    "“{value}” non è un indirizzo e-mail. Scrivi per esempio: {example}",
)
EMAIL_MISSING = Phrase(
    "The customer’s e-mail address is missing. Type for example: {example}",
    "Manca l’indirizzo e-mail del cliente. Scrivi per esempio: {example}",
)
PLAN_NAME = Phrase("plan", "piano")
PLAN_ABOUT = Phrase("starter, pro, agency or founders", "starter, pro, agency o founders")
PLAN_MISSING = Phrase(
    "The plan is missing. Type for example: {example}",
    "Manca il piano. Scrivi per esempio: {example}",
)
MONTHS_NAME = Phrase("months", "mesi")
MONTHS_ABOUT = Phrase(
    "1 to 120; “lifetime” or nothing for a plan that is for life",
    "da 1 a 120; “lifetime” o nulla per un piano a vita",
)
MONTHS_UNFIT = Phrase(
    "“{value}” is not a number of months. Type 1 to 120, or “lifetime”, for example: {example}",
    "“{value}” non è un numero di mesi. Scrivi da 1 a 120, o “lifetime”, per esempio: {example}",
)
DOMAIN_NAME = Phrase("domain", "dominio")
DOMAIN_ABOUT = Phrase(
    "the site it is for, such as shop.example", "il sito, ad esempio shop.example"
)
SEND_EMAIL_FLAG = Phrase("also send the key to the customer", "invia la chiave anche al cliente")
BULK_WORD = Phrase("many licenses at once, from a CSV", "molte licenze insieme, da un CSV")
HELP_WORD = Phrase("this help", "questo aiuto")

FORM_TITLE = Phrase("Issue a license", "Emetti una licenza")
SHOW_PREVIEW = Phrase("Preview", "Anteprima")
EMAIL = Phrase("Customer’s e-mail", "E-mail del cliente")
PLAN = Phrase("Plan", "Piano")
MONTHS = Phrase("Months", "Mesi")
MONTHS_HINT = Phrase(
    "1 to 120. A lifetime plan needs none.", "Da 1 a 120. Un piano a vita non ne ha bisogno."
)
DOMAIN = Phrase("Site", "Sito")
DOMAIN_HINT = Phrase("Such as shop.example", "Ad esempio shop.example")
SEND_EMAIL = Phrase("E-mail the key to the customer?", "Inviare la chiave al cliente per e-mail?")
NO_EMAIL = Phrase("No, show it to me only", "No, mostrala solo a me")
YES_EMAIL = Phrase("Yes, e-mail it as well", "Sì, inviala anche per e-mail")
FOR_LIFE_PLAN = Phrase("{plan} · for life · {price}", "{plan} · a vita · {price}")
MONTHLY_PLAN = Phrase("{plan} · {price} a month", "{plan} · {price} al mese")

PREVIEW = Phrase("Issue this license?", "Emettere questa licenza?")
DRY_RUN = Phrase("Dry run: this would be issued", "Prova: questo verrebbe emesso")
CUSTOMER_NEW = Phrase("new customer", "cliente nuovo")
CUSTOMER_KNOWN = Phrase("existing customer: {name}", "già cliente: {name}")
CUSTOMER_IS_KNOWN = Phrase("existing customer", "già cliente")
PLAN_FOR = Plural(
    Phrase("{plan}, for one month", "{plan}, per un mese"),
    Phrase("{plan}, for {n} months", "{plan}, per {n} mesi"),
)
PLAN_FOR_LIFE = Phrase("{plan}, for life", "{plan}, a vita")
UNTIL = Phrase("Valid until", "Valida fino al")
NO_END = Phrase("It does not expire", "Non scade")
PRICE = Phrase("Price", "Prezzo")
STOCK = Plural(
    Phrase("one is left to sell", "ne resta una da vendere"),
    Phrase("{n} are left to sell", "ne restano {n} da vendere"),
)
CUSTOMER = Phrase("Customer", "Cliente")
WILL_EMAIL = Phrase(
    "The key will also be e-mailed to the customer.", "La chiave sarà inviata anche al cliente."
)
CONFIRM = Phrase("Issue license", "Emetti licenza")
STARTED = Phrase(
    "Confirmed. The receipt is sent to you alone.",
    "Confermato. La ricevuta arriva solo a te.",
)
BULK_STARTED = Phrase(
    "Confirmed. A message in the channel shows the progress.",
    "Confermato. Un messaggio nel canale mostra l’avanzamento.",
)
ISSUED = Phrase("License issued", "Licenza emessa")
KEY = Phrase("Key", "Chiave")
KEEP_KEY = Phrase(
    "Copy the key now if you need it: in Slack only this message shows it, and only to you.",
    "Copia la chiave adesso, se ti serve: in Slack solo questo messaggio la mostra, e solo a te.",
)
EMAILED = Phrase(
    "An e-mail with the key is on its way to the customer.",
    "Un’e-mail con la chiave sta partendo per il cliente.",
)
EMAIL_KEY = Phrase("E-mail it to the customer", "Invia la chiave al cliente")
EMAILED_TO = Phrase(
    "An e-mail with the key is on its way to {email}.",
    "Un’e-mail con la chiave sta partendo per {email}.",
)
LICENSE = Phrase("License {license}", "Licenza {license}")
NOT_ISSUED = Phrase(
    "The license was not issued: {reason}", "La licenza non è stata emessa: {reason}"
)

BULK_TITLE = Phrase("Licenses in bulk", "Licenze in blocco")
BULK_INTRO = Phrase(
    "Attach a CSV or paste its lines. The first line names the columns: {columns}. "
    "Leave the months empty for a lifetime plan.",
    "Allega un CSV o incolla le righe. La prima riga nomina le colonne: {columns}. "
    "Lascia vuoti i mesi per un piano a vita.",
)
CSV_FILE = Phrase("CSV file", "File CSV")
CSV_HINT = Phrase("Up to 10,000 lines, 10 MB", "Fino a 10.000 righe, 10 MB")
PASTED = Phrase("Or its lines", "Oppure le righe")
SEND_EMAILS = Phrase("E-mail each customer their key?", "Inviare a ogni cliente la sua chiave?")
NO_EMAILS = Phrase("No", "No")
YES_EMAILS = Phrase("Yes, an e-mail for each license", "Sì, un’e-mail per ogni licenza")
READING = Phrase("Reading the lines…", "Leggo le righe…")
BULK_READ = Phrase(
    "The file was read. You will find the preview in the channel.",
    "Il file è stato letto. Trovi l’anteprima nel canale.",
)
BULK_PREVIEW = Plural(
    Phrase("Issue one license?", "Emettere una licenza?"),
    Phrase("Issue {n} licenses?", "Emettere {n} licenze?"),
)
NONE_GOOD = Phrase(
    "None of the lines can be issued. Correct the lines below and upload the file again.",
    "Nessuna riga si può emettere. Correggi le righe qui sotto e carica di nuovo il file.",
)
NOTHING_NEW = Phrase(
    "Every line has been issued already: there is nothing left to do.",
    "Tutte le righe erano già state emesse: non resta nulla da fare.",
)
WILL_EMAIL_ALL = Phrase(
    "Every customer gets an e-mail with the key.", "Ogni cliente riceve un’e-mail con la chiave."
)
GOOD_LINES = Phrase("{n} to issue", "{n} da emettere")
ISSUED_LINES = Phrase("{n} issued", "{n} emesse")
KNOWN_LINES = Phrase("{n} already issued", "{n} già emesse prima")
BAD_LINES = Phrase("{n} with errors", "{n} con errori")
BAD_LINE = Phrase("Line {line}: {reason}", "Riga {line}: {reason}")
MORE_BAD = Plural(
    Phrase("… and one more.", "… e un’altra."), Phrase("… and {n} more.", "… e altre {n}.")
)
SHOW_BAD = Phrase("Show all errors", "Mostra tutti gli errori")
BAD_TITLE = Phrase("Lines with errors", "Righe con errori")
CONFIRM_BULK = Phrase("Issue", "Emetti")
BULK_KIND = KindWords(
    BULK_TITLE, {"issue": Phrase("Issuing the licenses", "Emissione delle licenze")}
)
SHOW_KEYS = Phrase("Show me the keys", "Mostrami le chiavi")
KEYS_TITLE = Phrase("License keys", "Chiavi di licenza")
KEYS_INTRO = Phrase(
    "Line, address and key. Only you see them; the audit log says that you looked.",
    "Riga, indirizzo e chiave. Li vedi solo tu; il registro dice che li hai guardati.",
)
MORE_KEYS = Phrase("The next keys", "Le chiavi successive")
RESULTS_AT = Phrase(
    "Every line and what became of it, as CSV: GET /api/licenses/bulk/{bulk}/results",
    "Ogni riga e il suo esito, in CSV: GET /api/licenses/bulk/{bulk}/results",
)
