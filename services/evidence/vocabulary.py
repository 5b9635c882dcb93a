"""Words that carry no subject of their own, and how the others are compared."""

from functools import cache

STEM = 5

_ENGLISH = """
a about above after again all also am an and any are as at be because been before being but by can
cannot can't could couldn't did do does doesn't doing don't done each either else ever every far
few for from further get gets getting go goes going gonna got had has have having he he's her here
hers him his how i i'd i'll i'm i've if in into is isn't it it's its itself just kind last less
let let's like lot lots make makes many may maybe me might mine more most much must my need needs
no nor not now of off oh ok okay on once one only or other our ours out over own perhaps please
quite rather really right same say says shall she she's should so some something still such sure
take than thank thanks that that's the their theirs them then there there's these they they'll
they're they've thing things this those though through thus till to too um uh under until up upon
us very want was wasn't way we we'd we'll we're we've well were what what's when where which while
who whom whose why will with won't would yeah yes yet you you'd you'll you're you've your yours
today per plus currently current will've both between
"""
_ITALIAN = """
a abbia abbiamo abbiano ad adesso agli ai al alla alle allo allora anche ancora appena avere avete
aveva avevamo avra avremo b bene c ce che chi ci cio circa coi col come con cosa cosi cui d da
dagli dai dal dall dalla dalle dallo davvero degli dei del dell della delle dello di dire dove e
ecco ed era erano essere fa faccio fanno fare fatto fino fra gia gli grazie ha hai hanno ho i il
in io l la le lei li lo loro ma magari me meno mi mia mie miei mio molto ne negli nei nel nell
nella nelle nello no noi non nostra nostre nostri nostro o ogni oggi oppure ora per perche pero
piu poi posso possiamo potete pure qua qualche quale quali quando quanto quel quell quella quelle
quelli quello quest questa queste questi questo qui quindi s sara saranno se sei senza si sia
siamo siete solo sono sta stanno stata stato stesso sto su sua sue sugli sui sul sull sulla sulle
suo suoi t tra troppo tu tua tue tuo tuoi tutta tutte tutti tutto un una uno va vada vai vanno ve
verso vi voglio vogliamo voi vorrei vostra vostre vostri vostro attuale
"""


@cache
def stopwords() -> frozenset[str]:
    """Of both languages."""
    return frozenset((_ENGLISH + " " + _ITALIAN).split())


@cache
def _telling() -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(_ENGLISH.split()), frozenset(_ITALIAN.split())


def word_set(words: str) -> frozenset[str]:
    """The words of a text, as a set to look up."""
    return frozenset(words.split())


def stem(word: str) -> str:
    """The first five letters: what is left of a word when endings no longer matter."""
    return word[:STEM]


def language(words: list[str], default: str = "en") -> str:
    """ "en" or "it", by the little words; `default` when they do not tell."""
    english, italian = _telling()
    one = sum(word in english for word in words)
    other = sum(word in italian for word in words)
    if one == other:
        return default if default in ("en", "it") else "en"
    return "en" if one > other else "it"
