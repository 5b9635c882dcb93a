"""The words of calendar events."""

from services.phrases import Phrase

TITLE = Phrase("Calendar event", "Evento in calendario")
LOOKING = Phrase("Looking for free times…", "Cerco gli orari liberi…")
CREATE = Phrase("Create the event", "Crea l’evento")

ZONE = Phrase("Times are those of {zone}.", "Gli orari sono quelli di {zone}.")
OTHER_ZONE = Phrase(
    "Your calendar is set to {zone}; its times are in brackets.",
    "Il tuo calendario è impostato su {zone}; i suoi orari sono tra parentesi.",
)
SEEN = Phrase(
    "I looked at your main calendar and at those of {guests}.",
    "Ho guardato il tuo calendario principale e quelli di {guests}.",
)
SEEN_NONE = Phrase(
    "I looked at your main calendar; those of the guests are not visible to you.",
    "Ho guardato il tuo calendario principale; quelli degli ospiti non ti sono visibili.",
)
SEEN_OWN = Phrase(
    "I looked at your main calendar only.", "Ho guardato solo il tuo calendario principale."
)
AGREED_FREE = Phrase(
    ":handshake: Agreed in the meeting: *{at}*. It is free.",
    ":handshake: Concordato nella riunione: *{at}*. È libero.",
)
AGREED_TAKEN = Phrase(
    ":warning: Agreed in the meeting: *{at}*, but somebody is busy then by now.",
    ":warning: Concordato nella riunione: *{at}*, ma nel frattempo qualcuno è occupato.",
)
AGREED_OVER = Phrase(
    ":warning: Agreed in the meeting: *{at}*. That is over; choose another time.",
    ":warning: Concordato nella riunione: *{at}*. È passato; scegli un altro orario.",
)
NO_TIMES = Phrase(
    "No time is free within working hours (9–18) of the next two weeks. Give one of your own.",
    "Nessun orario libero in orario di lavoro (9–18) nelle prossime due settimane. Indicane uno.",
)
SLOT = Phrase("Free time", "Orario libero")
AGREED = Phrase("agreed", "concordato")
ALL_DAY = Phrase("{title}, all day", "{title}, tutto il giorno")
OWN_DAY = Phrase("Or a day of your own", "Oppure un altro giorno")
OWN_TIME = Phrase("and a time", "e un’ora")
LENGTH = Phrase("Duration", "Durata")
MINUTES = Phrase("{n} minutes", "{n} minuti")
EVENT_TITLE = Phrase("Title", "Titolo")
AGENDA = Phrase("Agenda", "Ordine del giorno")
AGENDA_HINT = Phrase(
    "All that guests read besides the title.", "È tutto ciò che gli ospiti leggono oltre al titolo."
)
OPTIONS = Phrase("In addition", "Inoltre")
MEET = Phrase("Google Meet link", "Link di Google Meet")
INVITE = Phrase("Invite the guests: Google writes to them", "Invita gli ospiti: Google scrive loro")
INVITE_HINT = Phrase(
    "Without this the event is yours alone and nobody is written to.",
    "Senza questo l’evento resta solo tuo e nessuno riceve nulla.",
)
GUESTS = Phrase("Guests", "Ospiti")
