"""Which sentences can be told to somebody who reads them alone; the others are left out."""

import re
from collections.abc import Iterable

# Signs that somebody was still looking for words, or that a transcriber lost them.
_RAMBLING = {
    "en": re.compile(
        r"\b(?:you know|i mean|i guess|i suppose|i think|i['’]m not sure|sort of|kind of|kinda"
        r"|gonna"
        r"|wanna|dunno|okay|ok|yeah|yep|nah|u+h+|u+h*m+|hm+|mm+|er+m*|ah|oh|like,|whatever|stuff"
        r"|or something|and so on|sorry|['’]cause|maybe|perhaps|wouldn['’]t it)\b"
        r"|_|\.\.\.|…|\s[-–—]\s|[-–—]$|,$|\w:(?!\d)",
        re.I,
    ),
    "it": re.compile(
        r"\b(?:cioè|insomma|diciamo|boh|mah|ehm|non so|tipo|praticamente|magari|forse|credo|vabbè"
        r"|secondo me|mi sa|eh)\b|_|\.\.\.|…|\s[-–—]\s|[-–—]$|,$|\w:(?!\d)",
        re.I,
    ),
}
# A sentence that begins so leans on the one before it, or asks something of a listener.
_LEANING = {
    "en": re.compile(
        r"^(?:it|that|this|they|he|she|there|those|these|which|who|because|so|then|but|and|or"
        r"|around"
        r"|about|roughly|above|below|without (?:it|that)|in that case|both|only|except|at least"
        r"|not"
        r"|if not|same|come|take|look|send|call|let|give|try|think|imagine|remember|see|say"
        r"|don['’]t"
        r"|ask|put|wait|tell|show|just|please|exactly|hopefully|now|until then|that['’]s|it['’]s"
        r"|wouldn['’]t|couldn['’]t|shouldn['’]t|anything|something|nothing|thank\w*)\b",
        re.I,
    ),
    "it": re.compile(
        r"^(?:questo|questa|quello|quella|questi|quelle|in media|lui|lei|loro|che|perché|quindi"
        r"|ma|e|o|però|poi"
        r"|circa|solo|anche|senza|invece|così|allora|non serve|ci|ne|meglio|dipende|niente|grazie"
        r"|guard[ai]|pens[ai]|sent[ai]|scus[ai]|prov[ai]|vien[ie]|veng[ao]|mand\w+mi|dimmi"
        r"|mi dica)\b",
        re.I,
    ),
}
_POINTER = {
    "en": re.compile(r"\b(?:it|they|them|him|her|he|she|their|his|its|those|these)\b", re.I),
    "it": re.compile(
        r"\b(?:li|ne|lui|lei|loro|quell[oaie]|quest[oi])\b"
        r"|\b(?:lo|la|le|gli) (?:ho|hai|ha|abbiamo|avete|hanno|\w+(?:iamo|ate|ete|ano|ono))\b"
        r"|\b\w+(?:[aei]r|iamo)(?:lo|la|li|le|gli|ne)\b",
        re.I,
    ),
}
# What such a word can point at: a noun with its article or number, named before it.
_NAMED = {
    "en": re.compile(
        r"\b(?:the|an?|my|our|your|each|every|all|no|\d[\d.,]*|two|three|four|five|ten)\s+[\w-]+",
        re.I,
    ),
    "it": re.compile(
        r"\b(?:il|lo|la|i|gli|le|un|una|uno|l['’]|nostr[oaie]|vostr[oaie]|ogni|\d[\d.,]*|due|tre)"
        r"\s*[\w-]{3,}",
        re.I,
    ),
}
# `they will give they`, `it's it will`: the speaker began anew.
_BEGUN_ANEW = re.compile(
    r"\b(i|we|you|they|he|she|it)\b(?:['’]\w+)?(?: \w+){1,2} \1\b|\b(\w+) \2\b",
    re.I,
)
_AFTERTHOUGHT = re.compile(
    r",\s+(?:so (?:that|this|it|you|we|they|i)|because|it \w+|that (?:is|was|makes)|which"
    r"|but (?:we|i|it|that)|and (?:they|it) never|così|quindi|ma|se serve|sono)\b.*$"
    r"|\s+(?:così|quando vengo da voi)\b.*$",
    re.I,
)
# To begin, to come back and to get to something promises nothing to whoever was not there.
_META = re.compile(
    r"^(?:(?:start|begin|come|keep|look|let|try|walk|make (?:it|sure)|move|turn|wait|stop|leave"
    r"|go|do"
    r"|see|say|tell|pick|take|work|open|present|speak|switch|finish|share my|put (?:that|this"
    r"|up))\b"
    r"|get (?!back)|get back to (?:it|that|this)\b|talk (?:about|you)\b|show (?!you)"
    r"|show you (?:now|here|how)\b"
    r"|give (?:it|they|we|you (?:a|the) (?:word|floor))\b)"
    r"|^(?:iniziare|cominciare|partire|tornare|passare (?:a|al|alla)|vedere|dire|pensar\w+"
    r"|parlar\w+|occupar\w+"
    r"|sentir\w*|riguardare|mettere (?:su|giù)|\w+ (?:tutto|qualcosa|sempre)|fare (?=\d))\b",
    re.I,
)
_FIRST_OF_ITS_OWN = re.compile(r"^\w+\s+(?:you\s+|us\s+)?(?:it|them|him|her|this|that|one)\b", re.I)
_DANGLING = re.compile(
    r"\b(?:the|an?|to|of|and|or|with|for|that|like|look like|di|da|il|la|e)$", re.I
)
FEWEST_WORDS = 3


def without_vocatives(text: str, names: Iterable[str]) -> str:
    """The sentence without those it is spoken to: `Gwen, your contract ends`, `Yes, Gwen`."""
    called = "|".join(sorted(map(re.escape, filter(None, names)), key=len, reverse=True))
    if not called:
        return text
    text = re.sub(rf"^(?:{called}),\s+|,\s+(?:{called})(?=[,.!?]|$)", "", text)
    return text[:1].upper() + text[1:]


def shortened(text: str) -> str:
    """The sentence without its afterthought (`, so that it reaches them in time`)."""
    return _AFTERTHOUGHT.sub("", text.rstrip(".!… "))


def is_tellable(text: str, language: str) -> bool:
    """Whether a statement is whole, fluent, and says of what it speaks."""
    if _RAMBLING[language].search(text) or _LEANING[language].match(text):
        return False
    return not (_BEGUN_ANEW.search(text) or _DANGLING.search(text) or _points_away(text, language))


def is_actionable(act: str, language: str) -> bool:
    """Whether an act (`send you a quote`) is something to do that others can understand."""
    words = act.split()
    if len(words) < FEWEST_WORDS or _META.match(act) or _FIRST_OF_ITS_OWN.match(act):
        return False
    if _RAMBLING[language].search(act) or _BEGUN_ANEW.search(act) or _DANGLING.search(act):
        return False
    return not _points_away(act, language)


def _points_away(text: str, language: str) -> bool:
    pointer = _POINTER[language].search(text)
    return pointer is not None and not _NAMED[language].search(text[: pointer.start()])
