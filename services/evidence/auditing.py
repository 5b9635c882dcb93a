"""The audit of a draft: every sentence's claims, each with its level, reason and lines."""

from collections.abc import Iterable, Iterator

from services.evidence.blanks import blanks
from services.evidence.claims import DraftAudit, DraftClaim, DraftPart, Hint, Material, Sentence
from services.evidence.sentences import sentences

# A draft is a letter; more than this is somebody's paste, of which the beginning is audited.
MAX_SENTENCES = 600


class Index:
    """A meeting read once: what was said, by whom, about what."""

    def __init__(self, material: Material) -> None:
        self.material = material


def audit(
    index: Index, passages: Iterable[DraftPart], before: DraftAudit | None = None
) -> DraftAudit:
    """The claims of all passages; sentences which `before` knows word for word are taken from it.

    Deterministic and without I/O; processor time grows with the text, so call it in a thread.
    """
    known = {_identity(one): one for one in before.sentences} if before else {}
    found: list[Sentence] = []
    for sentence in _sentences(passages):
        if len(found) == MAX_SENTENCES:
            break
        found.append(known.get(_identity(sentence)) or _audited(index, sentence))
    return DraftAudit(tuple(found), complete=index.material.is_read)


def _sentences(passages: Iterable[DraftPart]) -> Iterator[Sentence]:
    for passage in passages:
        for text in sentences(passage.text):
            cited = {n for hint in passage.hints if _about(hint, text) for n in hint.lines}
            numbers = tuple(sorted(cited))
            yield Sentence(passage.part, text, (), numbers, passage.owner, passage.day)


def _about(hint: Hint, sentence: str) -> bool:
    return sentence in hint.text or hint.text in sentence


def _identity(sentence: Sentence) -> tuple[str, str, tuple[int, ...], str, str]:
    return (sentence.part, sentence.text, sentence.cited, sentence.owner, sentence.day)


def _audited(index: Index, sentence: Sentence) -> Sentence:
    claims: list[DraftClaim] = [*blanks(sentence.text)]
    return Sentence(
        sentence.part,
        sentence.text,
        tuple(sorted(claims, key=lambda claim: claim.start)),
        sentence.cited,
        sentence.owner,
        sentence.day,
    )
