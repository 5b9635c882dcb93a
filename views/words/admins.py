"""The words about admins of the dashboard, in Slack."""

from services.phrases import Phrase

WRONG_PASSWORDS = Phrase(
    "{failures} wrong passwords in a row for the dashboard’s admin “{name}”, the last from "
    "{address}. If that is nobody of yours, nothing has to be done: each try waits longer.",
    "{failures} password sbagliate di fila per l’admin “{name}” della dashboard, l’ultima da "
    "{address}. Se non è nessuno dei tuoi, non serve fare nulla: ogni tentativo attende di più.",
)
