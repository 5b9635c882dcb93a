"""The words of a member's settings."""

from services.phrases import Phrase

AUTO_START = Phrase("When a meeting is ready", "Quando una riunione è pronta")
AUTO_STARTS = {
    "ask": Phrase("Tell me, and I decide", "Avvisami, e decido io"),
    "draft": Phrase("Write the draft at once", "Scrivi subito la bozza"),
    "external": Phrase(
        "Write the draft at once if guests from outside were there",
        "Scrivi subito la bozza se c’erano ospiti esterni",
    ),
    "off": Phrase("Do nothing on your own", "Non fare nulla da solo"),
}
QUIET_FROM = Phrase("Quiet hours from", "Ore di silenzio dalle")
QUIET_UNTIL = Phrase("Quiet hours until", "Ore di silenzio fino alle")
NO_QUIET = Phrase("No quiet hours", "Nessuna ora di silenzio")
ZONE = Phrase("Your time zone", "Il tuo fuso orario")
ZONE_HINT = Phrase(
    "Type a big city. It counts for your meetings’ days, tasks and quiet hours.",
    "Scrivi una grande città. Vale per i giorni delle riunioni, le attività e le ore di silenzio.",
)
ZONE_SEARCH = Phrase("Search a city", "Cerca una città")
AS_IN_SLACK = Phrase("As in Slack", "Come in Slack")
ALIASES = Phrase("Other addresses of yours", "Altri tuoi indirizzi")
ALIASES_HINT = Phrase(
    "Separated by commas. A follow-up is never addressed to them.",
    "Separati da virgole. Un follow-up non viene mai indirizzato a loro.",
)
