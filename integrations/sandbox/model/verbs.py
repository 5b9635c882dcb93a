"""The verbs by which people promise something, and the forms a report of it needs."""

import re

# First person → infinitive. What a list cannot know is guessed by its ending.
_ITALIAN = {
    "apro": "aprire",
    "chiedo": "chiedere",
    "condivido": "condividere",
    "faccio": "fare",
    "metto": "mettere",
    "raccolgo": "raccogliere",
    "rivedo": "rivedere",
    "scrivo": "scrivere",
    "spedisco": "spedire",
    "inserisco": "inserire",
    "definisco": "definire",
    "sento": "sentire",
    "farò": "fare",
    "scriverò": "scrivere",
    "chiederò": "chiedere",
    "condividerò": "condividere",
    "metterò": "mettere",
    "facciamo": "fare",
    "scriviamo": "scrivere",
    "chiediamo": "chiedere",
    "condividiamo": "condividere",
    "spediamo": "spedire",
}
_REGULAR_WORDS = (
    "aggiorno attivo calcolo carico chiamo compilo confermo consegno controllo firmo fisso giro "
    "inoltro invio mando occupo ordino organizzo pago parlo passo penso porto prenoto preparo "
    "presento recupero richiamo riguardo rimando mostro spiego stampo verifico coinvolgo blocco"
)
_REGULAR = _REGULAR_WORDS.split()
_ITALIAN |= {verb: verb[:-1] + "are" for verb in _REGULAR}
_ITALIAN |= {"coinvolgo": "coinvolgere", "invio": "inviare"}
_PLURAL_WORDS = (
    "aggiorniamo attiviamo confermiamo consegniamo controlliamo firmiamo inviamo mandiamo "
    "organizziamo prepariamo portiamo prenotiamo verifichiamo"
)
_PLURAL = _PLURAL_WORDS.split()
_ITALIAN |= {verb: verb.removesuffix("iamo") + "are" for verb in _PLURAL}
_ITALIAN |= {"inviamo": "inviare", "verifichiamo": "verificare"}
_VERBS_IT = "|".join(sorted(map(re.escape, _ITALIAN), key=len, reverse=True))

_VERBS_EN = (
    "add compare convince count export import map measure name return adapt arrange ask book "
    "bring build call change check circulate collect come confirm contact create deliver discuss "
    "double-check draft email extend file find finish fix follow forward get give install "
    "introduce invite join keep let look make open order organi[sz]e pass pay pick plan prepare "
    "present print push put raise reach record replace reply report reserve review revise run "
    "schedule send set share ship show sign sort speak start submit switch take talk tell test "
    "translate try update upload verify walk work write"
).replace(" ", "|")

# First, second and third person plural; a verb that is not here is not turned.
_PLURAL_FORMS = """
abbiamo avete hanno, siamo siete sono, vogliamo volete vogliono, dobbiamo dovete devono, possiamo
potete possono, facciamo fate fanno, gestiamo gestite gestiscono, produciamo producete producono,
spediamo spedite spediscono, spendiamo spendete spendono, perdiamo perdete perdono, riceviamo
ricevete ricevono, teniamo tenete tengono, scriviamo scrivete scrivono, chiudiamo chiudete
chiudono, vendiamo vendete vendono, rendiamo rendete rendono, usiamo usate usano, lavoriamo
lavorate lavorano, esportiamo esportate esportano, mandiamo mandate mandano, compriamo comprate
comprano, paghiamo pagate pagano, cerchiamo cercate cercano, contiamo contate contano, seguiamo
seguite seguono, aspettiamo aspettate aspettano, controlliamo controllate controllano, buttiamo
buttate buttano, compiliamo compilate compilano, stampiamo stampate stampano, impieghiamo
impiegate impiegano, preferiamo preferite preferiscono, andiamo andate vanno, avevamo avevate
avevano, eravamo eravate erano, avremo avrete avranno, avremmo avreste avrebbero, vorremmo
vorreste vorrebbero, saremmo sareste sarebbero, nostro vostro loro, nostra vostra loro, nostri
vostri loro, nostre vostre loro, noi voi loro
"""
_FORMS = [forms.split() for forms in _PLURAL_FORMS.split(",")]
VOI = {we: you for we, you, _ in _FORMS} | {"ci": "vi"}
LORO = {we: they for we, _, they in _FORMS} | {
    "ho": "ha",
    "devo": "deve",
    "voglio": "vuole",
    "posso": "può",
    "vorrei": "vorrebbe",
    "mio": "suo",
    "mia": "sua",
}

PROMISE = {
    "en": re.compile(
        r"\b(?P<who>I|we)(?:['’]ll| will| am going to|['’]m going to| are going to|['’]re going "
        r"to)\s+"
        rf"(?:also |then |definitely |personally |gladly )*(?P<act>(?:{_VERBS_EN})\b.*)$",
        re.I,
    ),
    "it": re.compile(
        r"(?:^|[\s,;:(])(?P<clitic>(?:(?:ti|vi|le|gli|ci|mi|te|ve|glie) ?)?(?:l[oaie]|ne)?\s?)"
        rf"(?P<verb>{_VERBS_IT}|\w{{2,}}[ei]rò)\b(?P<rest>.*)$",
        re.I,
    ),
}
_AND_THEN = re.compile(rf" e (l[oaie] )?({_VERBS_IT})\b", re.I)
_CAUSED = re.compile(r"\bfare (sapere|avere|vedere)")
_MYSELF = re.compile(r" io\b")
_ENDINGS = (("erò", "are"), ("irò", "ire"))


def infinitive(verb: str) -> str:
    """The infinitive of an Italian verb in the first person."""
    verb = verb.lower()
    if verb in _ITALIAN:
        return _ITALIAN[verb]
    for ending, infinite in _ENDINGS:
        if verb.endswith(ending):
            return verb.removesuffix(ending) + infinite
    return verb


def italian_action(match: re.Match[str]) -> str:
    """`te lo mando domani` → `mandarlo domani`; to whom it is done is left to the reader."""
    verb = _joined(infinitive(match.group("verb")), match.group("clitic").strip().lower())
    rest = _AND_THEN.sub(_and_then, match.group("rest").removeprefix(" io"))
    act = f"{verb}{rest}".strip().rstrip(".!…")
    return _CAUSED.sub(r"far \1", _MYSELF.sub("", act))


def _joined(verb: str, clitics: str) -> str:
    """The infinitive with the pronoun it keeps: what is given, not to whom."""
    last = clitics.split(" ")[-1]
    if "mi" in clitics.split(" "):
        return verb[:-1] + "si"
    keeps = last in ("lo", "la", "li", "ne") or clitics == "ci" or (last == "le" and " " in clitics)
    return verb[:-1] + last if keeps else verb


def _and_then(match: re.Match[str]) -> str:
    return f" e {_joined(infinitive(match.group(2)), (match.group(1) or '').strip().lower())}"
