"""Which words are somebody's name: a colon, or a time behind them, does not make them one."""

import re
from collections import Counter
from collections.abc import Iterable

MOST_WORDS = 4
MOST_LETTERS = 60
TWICE = 2

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.\w+")
_PHONE = re.compile(r"\+?\d[\d\s().*x-]{5,24}")
_BESIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
_MARKS = re.compile(r"[!?;\"“”«»<>{}=/\\|…*#_~•→]|--")
_INITIAL = re.compile(r"(?:\w\.)+|\w{1,4}\.")
# Small words that are written small inside a name.
_SMALL = (
    "de del della dei degli di da dal dalla la le lo van von der den ter ten bin ibn al el y e du "
    "des dos das do and from"
)
# Words that stand before a colon in every second document, and are nobody.
_LABELS = (
    "note,notes,nb,n.b.,ps,p.s.,re,fw,fwd,subject,date,time,when,where,who,why,what,how,duration,"
    "location,attendees,participants,present,absent,guests,invited,agenda,summary,overview,"
    "transcript,transcription,recording,action,actions,action item,action items,next steps,todo,"
    "to do,tasks,decisions,question,answer,example,for example,e.g.,i.e.,http,https,mailto,tel,"
    "link,url,warning,important,title,meeting,meeting title,total,price,status,topic,topics,goal,"
    "goals,kind,language,region,monday,tuesday,wednesday,thursday,friday,saturday,sunday,today,"
    "tomorrow,nota,note bene,oggetto,data,ora,quando,dove,chi,durata,luogo,partecipanti,presenti,"
    "assenti,invitati,ordine del giorno,riassunto,sintesi,trascrizione,registrazione,azioni,"
    "prossimi passi,da fare,attività,decisioni,domanda,risposta,esempio,per esempio,ad esempio,"
    "attenzione,importante,titolo,riunione,totale,prezzo,stato,argomento,argomenti,obiettivo,"
    "obiettivi,lunedì,martedì,mercoledì,giovedì,venerdì,sabato,domenica,oggi,domani"
)
_COUNTED = (
    "option step point slide item phase page chapter section version part day week opzione passo "
    "punto voce fase pagina capitolo sezione versione parte giorno settimana"
)
_PARTICLES = frozenset(_SMALL.split())
_NOBODY = frozenset(_LABELS.split(","))
_NUMBERED = frozenset(_COUNTED.split())


def is_name(text: str) -> bool:
    """Whether this can be what a meeting tool calls a person: short, no sentence, no label."""
    name = _BESIDE.sub("", text.strip())
    if _ADDRESS.fullmatch(name) or _PHONE.fullmatch(name):
        return True
    words = name.split()
    if not words or len(words) > MOST_WORDS or len(name) > MOST_LETTERS:
        return False
    if (
        not name[0].isalpha()
        or set("()[]") & set(name)
        or _MARKS.search(name)
        or name.count(",") > 1
    ):
        return False
    lower = name.lower()
    if lower in _NOBODY or (len(words) > 1 and words[0].lower() in _NUMBERED):
        return False
    return all(_whole(word) for word in words)


def is_titled(text: str) -> bool:
    """Whether every word has a capital, as names do; scripts without capitals always do."""
    words = [word for word in _BESIDE.sub("", text).split() if word.lower() not in _PARTICLES]
    return bool(words) and not any(word.islower() for word in words)


def names_among(labels: Iterable[str], rows: int) -> frozenset[str]:
    """The labels that are people: those that recur, or all when at least half of the rows have one.

    Where some are written as names are, only those are.
    """
    counted = Counter(label.strip() for label in labels if is_name(label))
    most = 2 * sum(counted.values()) >= rows
    titled = {name: times for name, times in counted.items() if is_titled(name)}
    if not titled:
        recurring = frozenset(name for name, times in counted.items() if times >= TWICE)
        return recurring if most else frozenset()
    return frozenset(name for name, times in titled.items() if most or times >= TWICE)


def _whole(word: str) -> bool:
    """Whether a word ends no sentence: a full stop is an initial's or a title's."""
    return "." not in word or _INITIAL.fullmatch(word) is not None
