"""The words of the CRM: its keys, its index, and which company is which."""

from services.phrases import Phrase

BY_ADMIN = Phrase(
    "An admin connects it for everybody; it gives follow-ups account, deals and contacts.",
    "Lo collega un admin per tutti; dà ai follow-up azienda, trattative e contatti.",
)
READING = Phrase(
    ":hourglass_flowing_sand: reading its records: {done} of {total}",
    ":hourglass_flowing_sand: leggo i suoi record: {done} di {total}",
)
READING_BEGINS = Phrase(
    ":hourglass_flowing_sand: reading its records", ":hourglass_flowing_sand: leggo i suoi record"
)
INDEXED = Phrase("{total} records can be searched here", "{total} record si cercano qui")
OWN_KEYS = Phrase("with your own keys", "con le tue chiavi")
BY = Phrase("connected by <@{member}>", "collegato da <@{member}>")
FAILING = Phrase(
    ":red_circle: {crm} does not accept the keys any more: an admin can change them below",
    ":red_circle: {crm} non accetta più le chiavi: un admin può cambiarle qui sotto",
)
TITLE = Phrase("Connect the CRM", "Collega il CRM")
CONNECT = Phrase("Connect {crm}", "Collega {crm}")
CHANGE = Phrase("Change keys", "Cambia chiavi")
SWITCH = Phrase("Use {crm} instead", "Usa {crm} al suo posto")
MY_KEYS = Phrase("My own keys", "Le mie chiavi")
FORGET_MINE = Phrase("Remove my keys", "Togli le mie chiavi")
COMPANIES = Phrase("Companies", "Aziende")
DISCONNECT = Phrase("Disconnect", "Scollega")
SURE = Phrase(
    "For everybody here: the keys are deleted, and what Seguito knows of the CRM with them. The "
    "CRM itself keeps everything.",
    "Per tutti qui: elimino le chiavi e quello che Seguito sa del CRM. Nel CRM resta tutto.",
)
SURE_MINE = Phrase(
    "Your own keys are deleted; the workspace’s serve you again.",
    "Elimino le tue chiavi; tornano a servirti quelle del workspace.",
)
FORM_INTRO = Phrase(
    "These keys serve everybody in this workspace. They are tested, then kept encrypted.",
    "Queste chiavi servono a tutti nel workspace. Vengono provate e poi conservate cifrate.",
)
FORM_OWN = Phrase(
    "These keys serve you alone: what you write is in {crm} under your name. They are tested, then "
    "kept encrypted.",
    "Queste chiavi servono solo a te: quello che scrivi è in {crm} a tuo nome. Vengono provate e "
    "poi conservate cifrate.",
)
FORM_SWITCH = Phrase(
    ":warning: {crm} will take the place of {old}: the companies you chose and the index of {old} "
    "are forgotten here. In {old} nothing changes.",
    ":warning: {crm} prende il posto di {old}: le aziende scelte e l’indice di {old} qui si "
    "dimenticano. In {old} non cambia nulla.",
)
TESTING = Phrase("Testing the keys with {crm}…", "Provo le chiavi con {crm}…")
SAVED = Phrase(
    "{crm} is connected. Its accounts, contacts and deals are being read; the search finds them as "
    "they come.",
    "{crm} è collegato. Sto leggendo aziende, contatti e trattative; la ricerca li trova man mano.",
)
SAVED_OWN = Phrase(
    "Your own keys for {crm} work and are kept.", "Le tue chiavi per {crm} funzionano: le tengo."
)
