"""The words of writing habits."""

from services.phrases import Phrase, Plural

TITLE = Phrase("Your edits so far", "Le tue modifiche")
INTRO = Phrase(
    "What you change again and again in drafts. Nothing is applied unless you accept it; what you "
    "delete does not come back. Only your own drafts are compared.",
    "Quello che cambi più volte nelle bozze. Nulla si applica se non lo accetti; ciò che elimini "
    "non torna. Confronto solo le tue bozze.",
)
COMPARED = Plural(
    Phrase("{n} draft compared with what you used", "{n} bozza confrontata con quella usata"),
    Phrase("{n} drafts compared with what you used", "{n} bozze confrontate con quelle usate"),
)
TOO_FEW = Phrase(
    "I propose rules from {fewest} drafts on that you put into Gmail or edited.",
    "Propongo regole da {fewest} bozze in poi che hai messo in Gmail o modificato.",
)
NOTHING = Phrase(
    "There is nothing that you change again and again.", "Non c’è nulla che cambi di continuo."
)
PROPOSED = Phrase("Seen in your edits", "Visto nelle tue modifiche")
ACCEPTED = Phrase("Your rules, in every new draft", "Le tue regole, in ogni nuova bozza")
ACCEPT = Phrase("Accept", "Accetta")
DELETE = Phrase("Delete", "Elimina")
DELETE_TITLE = Phrase("Delete this rule?", "Eliminare questa regola?")
SURE = Phrase("It is not proposed again.", "Non sarà più proposta.")
SEEN = Phrase("{seen} of {of} drafts", "{seen} bozze su {of}")
WAS = Phrase(
    "{seen} of {of} drafts when you accepted it", "{seen} bozze su {of} quando l’hai accettata"
)
BEFORE_AFTER = Phrase("“{before}” → “{after}”", "«{before}» → «{after}»")
ADDED = Phrase("added “{after}”", "aggiunto «{after}»")
REMOVED = Phrase("removed “{before}”", "tolto «{before}»")
WORDS = Phrase("{before} words → {after} words", "{before} parole → {after} parole")
IN_LANGUAGE = {
    "en": Phrase("in English", "in inglese"),
    "it": Phrase("in Italian", "in italiano"),
}
NAMES = {
    "shorter": Phrase("Shorter, by about {value} %", "Più breve, di circa il {value} %"),
    "longer": Phrase("Longer, by about {value} %", "Più lunga, di circa il {value} %"),
    "no_greeting": Phrase("No greeting line", "Nessuna riga di saluto iniziale"),
    "greets": Phrase("Greets with “{value}”", "Saluta con «{value}»"),
    "no_closing": Phrase("No closing line", "Nessuna riga di chiusura"),
    "closes": Phrase("Closes with “{value}”", "Chiude con «{value}»"),
    "signs": Phrase("Signs with “{value}”", "Firma con «{value}»"),
    "no_lists": Phrase("No bullet lists", "Niente elenchi puntati"),
    "lists": Phrase("Points in a bullet list", "Punti in un elenco"),
    "lei": Phrase("Formal address (Lei)", "Dà del Lei"),
    "tu": Phrase("Informal address (tu)", "Dà del tu"),
    "no_short_forms": Phrase("No short forms such as “I’m”", "Niente forme brevi come “I’m”"),
    "no_exclamations": Phrase("No exclamation marks", "Niente punti esclamativi"),
    "adds": Phrase("Always adds “{value}”", "Aggiunge sempre «{value}»"),
    "omits": Phrase("Leaves out “{value}”", "Toglie «{value}»"),
}
