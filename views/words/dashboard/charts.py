"""Words of charts: what a drawing shows, for those who do not see it."""

from services.phrases import Phrase

RANGE = Phrase(
    "{about}, {first} to {last}: from {least} to {most}, highest at {at}.",
    "{about}, dal {first} al {last}: da {least} a {most}, massimo il {at}.",
)
PEAK = Phrase("{about}: at most {most}, {at}.", "{about}: al massimo {most}, {at}.")
AS_TABLE = Phrase("Show the figures as a table", "Mostra i dati come tabella")
