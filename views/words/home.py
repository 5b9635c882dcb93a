"""The words of App Home."""

from services.phrases import Phrase

NEW = Phrase("New follow-up", "Nuovo follow-up")
REFRESH = Phrase("Refresh", "Aggiorna")
MORE = Phrase("Show more", "Mostra altri")
INTRO = Phrase(
    "Pick a meeting, check the draft, find it in Gmail.",
    "Scegli una riunione, controlla la bozza, trovala in Gmail.",
)

DRAFTS = Phrase("Open drafts", "Bozze aperte")
NO_DRAFTS = Phrase(
    "No draft is waiting for you. Follow up a meeting below, and its draft waits here.",
    "Nessuna bozza ti aspetta. Fai il follow-up di una riunione qui sotto: la bozza arriva qui.",
)
STATES = {
    "writing": Phrase(
        ":hourglass_flowing_sand: being written", ":hourglass_flowing_sand: in scrittura"
    ),
    "ready": Phrase(":memo: ready, not in Gmail yet", ":memo: pronta, non ancora in Gmail"),
    "failed": Phrase(":warning: could not be written", ":warning: non è stata scritta"),
}
VIEW = Phrase("View & Edit", "Vedi e modifica")
WATCH = Phrase("Open", "Apri")
FINISH = Phrase("Finish…", "Completa…")
DISCARD = Phrase("Discard", "Scarta")
DISCARD_SURE = Phrase(
    "Its card keeps a note of it; nothing in Gmail or the CRM changes.",
    "La sua scheda ne conserva una nota; in Gmail e nel CRM non cambia nulla.",
)

MEETINGS = Phrase("Meetings without a follow-up", "Riunioni senza follow-up")
AMONG_COLLEAGUES = Phrase(
    "Among colleagues: nothing begins by itself here.",
    "Tra colleghi: qui nulla comincia da solo.",
)
ALL_MEETINGS = Phrase("All meetings", "Tutte le riunioni")
NO_MEETINGS = Phrase(
    "Every meeting of the last 30 days has its follow-up.",
    "Ogni riunione degli ultimi 30 giorni ha il suo follow-up.",
)
NOT_LOOKED = Phrase(
    "I have not looked for your meetings yet. *All meetings* asks Fathom for them.",
    "Non ho ancora cercato le tue riunioni. *Tutte le riunioni* le chiede a Fathom.",
)
FATHOM_FIRST = Phrase(
    "Connect Fathom above, and your meetings appear here.",
    "Collega Fathom qui sopra e le tue riunioni compaiono qui.",
)

TASKS = Phrase("Tasks due today", "Attività in scadenza oggi")
TASKS_FROM = Phrase(
    "Only tasks made with Seguito, as they were made: later changes in {crm} are seen there.",
    "Solo attività create con Seguito, come sono state create: le modifiche fatte poi in {crm} si "
    "vedono lì.",
)
NO_TASKS = Phrase(
    "None made with Seguito is due today.", "Nessuna attività creata con Seguito scade oggi."
)
NEW_TASK = Phrase("New task", "Nuova attività")

CONNECTIONS = Phrase("Connections", "Collegamenti")

SETTINGS = Phrase("Settings", "Impostazioni")
CHANGE = Phrase("Change settings", "Cambia impostazioni")
TEMPLATES = Phrase("Templates", "Modelli")
WRITING = Phrase(
    "*Drafts*: {speech} · {tone} · {length} · signed {signature}",
    "*Bozze*: {speech} · {tone} · {length} · firma {signature}",
)
BY_ITSELF = Phrase("*When a meeting is ready*: {what}", "*Quando una riunione è pronta*: {what}")
QUIET = Phrase(
    "*Quiet hours*: {begin}–{end} · *Time zone*: {zone}",
    "*Ore di silenzio*: {begin}–{end} · *Fuso orario*: {zone}",
)
NO_QUIET = Phrase(
    "*Quiet hours*: none · *Time zone*: {zone}",
    "*Ore di silenzio*: nessuna · *Fuso orario*: {zone}",
)

COST = Phrase("Cost of the model this month", "Costo del modello questo mese")
SPENT = Phrase(
    "{spent} in {month}, all members together. Only admins see this.",
    "{spent} in {month}, tutti i membri insieme. Lo vedono solo gli admin.",
)
SPENT_OF = Phrase(
    "{spent} of {limit} in {month} ({percent} %), all members together. Only admins see this.",
    "{spent} di {limit} in {month} ({percent} %), tutti i membri. Lo vedono solo gli admin.",
)
BUDGETS = Phrase("Budgets", "Budget")

OPS = Phrase("Operations today", "Operazioni di oggi")
OPS_COUNTS = Phrase(
    "{running} running, {failed} failed today, of all kinds. The cards are in <#{channel}>.",
    "{running} in corso, {failed} non riuscite oggi, di ogni tipo. Le schede sono in <#{channel}>.",
)
ROLLOUT = Phrase(
    "Rollout {version}: wave {wave} of {waves}", "Rollout {version}: ondata {wave} di {waves}"
)
CONTROLS = {
    "run": Phrase("under way", "in corso"),
    "pause": Phrase("paused", "in pausa"),
    "halt": Phrase("halted, a person must decide", "fermato, serve una persona"),
    "abort": Phrase("being aborted", "in interruzione"),
}
ALL_WELL = Phrase(
    ":large_green_circle: Checks: all is well.", ":large_green_circle: Controlli: tutto bene."
)
CHECKS_UNREAD = Phrase(
    ":warning: The checks could not be read just now. Press *Refresh*.",
    ":warning: I controlli non si leggono in questo momento. Premi *Aggiorna*.",
)
