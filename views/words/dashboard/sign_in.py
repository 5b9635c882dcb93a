"""The words of signing in."""

from services.phrases import Phrase

TITLE = Phrase("Sign in", "Accedi")
LEAD = Phrase("The dashboard is for admins.", "La dashboard è per gli admin.")
WITH_SLACK = Phrase("Sign in with Slack", "Accedi con Slack")
OR = Phrase("or with a local account", "oppure con un account locale")
NAME = Phrase("Name", "Nome")
PASSWORD = Phrase("Password", "Password")
GO = Phrase("Sign in", "Accedi")
AGAIN = Phrase(
    "Sign in once more: what you are about to do wants a fresh sign-in.",
    "Accedi di nuovo: ciò che stai per fare richiede un accesso recente.",
)
SIGNED_OUT = Phrase("You are signed out.", "Sei uscito.")
