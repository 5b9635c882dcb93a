"""Outlines a follow-up may follow: some come with the product, members add their own."""

from dataclasses import dataclass, replace

from db.followups import templates as table
from db.store.session import Database
from services.actors import Actor
from services.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from services.people import WorkspaceAdmins
from services.phrases import Phrase
from services.ports import Clock

MAX_NAME = 60
MAX_OUTLINE = 2_000
MAX_TEMPLATES = 40

NO_NAME = Phrase("Give the template a name.", "Dai un nome al modello.")
NO_OUTLINE = Phrase("Say what the e-mail should hold.", "Scrivi che cosa deve contenere l’e-mail.")
TOO_MANY = Phrase(
    "That is {limit} templates, the most there can be. Delete one first.",
    "Sono già {limit} modelli, il massimo possibile. Prima eliminane uno.",
)
LONG_NAME = Phrase(
    "A name has at most {limit} characters.", "Un nome ha al massimo {limit} caratteri."
)
LONG_OUTLINE = Phrase(
    "That is {n} characters; a template holds at most {limit}. Shorten it.",
    "Sono {n} caratteri; un modello ne contiene al massimo {limit}. Accorcialo.",
)
NAME_TAKEN = Phrase(
    "There is a template “{name}” already. Choose another name.",
    "Esiste già un modello “{name}”. Scegli un altro nome.",
)
CHANGED = Phrase(
    "Somebody changed this template meanwhile. Copy your text, close this, and open it again.",
    "Qualcuno ha modificato questo modello nel frattempo. Copia il tuo testo, chiudi e riaprilo.",
)
GONE = Phrase(
    "This template is not there any more. Open the list again.",
    "Questo modello non c’è più. Riapri l’elenco.",
)
ADMINS_ONLY = Phrase(
    "Only an admin can change templates of the whole workspace. Save it for yourself.",
    "Solo un admin può cambiare i modelli di tutto il workspace. Salvalo per te.",
)

RECAP = Phrase("Recap", "Riepilogo")
RECAP_OUTLINE = Phrase(
    "Thanks; what was discussed, in three points; what was decided; next steps with owner "
    "and date.",
    "Ringraziamento; di che cosa si è parlato, in tre punti; decisioni; prossimi passi con "
    "chi e quando.",
)
PROPOSAL = Phrase("After a proposal", "Dopo una proposta")
PROPOSAL_OUTLINE = Phrase(
    "Their goal in their words; what was offered with the figures named; open questions; "
    "next step.",
    "Il loro obiettivo con le loro parole; l’offerta con le cifre dette; domande aperte; "
    "prossimo passo.",
)
FIRST_CALL = Phrase("First call", "Primo incontro")
FIRST_CALL_OUTLINE = Phrase(
    "Pleased to have met; what we understood of their situation; what we can send; a "
    "proposed next call.",
    "Piacere di averli conosciuti; che cosa abbiamo capito; che cosa possiamo inviare; "
    "prossima chiamata.",
)
BUILT_IN = {
    "recap": (RECAP, RECAP_OUTLINE),
    "proposal": (PROPOSAL, PROPOSAL_OUTLINE),
    "first-call": (FIRST_CALL, FIRST_CALL_OUTLINE),
}


@dataclass(frozen=True, slots=True)
class Template:
    """A named outline; `mine` may be changed by the member, `shared` is everybody's.

    `version` is what a change is compared with; `is_default`: the member's follow-ups begin so.
    """

    id: str
    name: str
    outline: str
    mine: bool = False
    shared: bool = False
    version: str = ""
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class NewTemplate:
    """A template as it was typed; `shared` asks for everybody in the workspace.

    With an `id` it changes that template, if it still has this `version`.
    """

    name: str
    outline: str
    shared: bool = False
    id: str = ""
    version: str = ""


class Templates:
    """Lists, keeps and deletes templates."""

    def __init__(self, database: Database, admins: WorkspaceAdmins, clock: Clock) -> None:
        self._database = database
        self._admins = admins
        self._clock = clock

    async def available(self, actor: Actor, language: str) -> tuple[Template, ...]:
        """The product's templates, then the workspace's and the member's own."""
        async with self._database.transaction() as session:
            rows = await table.of_member(session, actor.workspace_id, actor.member_id)
            default = await table.default(session, actor.workspace_id, actor.member_id)
        admin = any(row.member_id == table.EVERYBODY for row in rows) and await self._admin(actor)
        built_in = (
            Template(key, named(language), outline(language), is_default=key == default)
            for key, (named, outline) in BUILT_IN.items()
        )
        own = (
            Template(
                row.id,
                row.name,
                row.outline,
                mine=row.member_id == actor.member_id or admin,
                shared=row.member_id == table.EVERYBODY,
                version=row.updated_at.isoformat(),
                is_default=row.id == default,
            )
            for row in rows
        )
        return (*built_in, *own)

    async def get(self, actor: Actor, template_id: str, language: str) -> Template:
        """One that the member can use; raises NotFound."""
        for template in await self.available(actor, language):
            if template.id == template_id:
                return template
        raise NotFound(GONE)

    async def default(self, actor: Actor, language: str) -> str:
        """The id of the template that new follow-ups begin with; "" for none, or if it is gone."""
        listed = await self.available(actor, language)
        return next((one.id for one in listed if one.is_default), "")

    async def outline(self, actor: Actor, template_id: str, language: str) -> str:
        """The outline chosen; "" for none, or for one that is gone."""
        for template in await self.available(actor, language):
            if template.id == template_id:
                return template.outline
        return ""

    async def save(self, actor: Actor, new: NewTemplate) -> str:
        """Keep a new template, or a change of one; its id. Raises Invalid, NotAllowed, NotFound.

        Conflict: somebody else changed it since it was read.
        """
        new = checked_template(new)
        admin = await self._admin(actor) if new.shared or new.id else False
        if new.shared and not admin:
            raise NotAllowed(ADMINS_ONLY)
        async with self._database.transaction() as session:
            await table.lock(session, actor.workspace_id)
            rows = await table.of_member(session, actor.workspace_id, actor.member_id)
            _ensure_free(new, rows)
            row = (
                _changed(new, rows, admin=admin)
                if new.id
                else table.TemplateRow(
                    workspace_id=actor.workspace_id,
                    member_id="",
                    name="",
                    outline="",
                    updated_at=self._clock(),
                )
            )
            row.member_id = table.EVERYBODY if new.shared else actor.member_id
            row.name, row.outline, row.updated_at = new.name, new.outline, self._clock()
            session.add(row)
            return row.id

    async def delete(self, actor: Actor, template_id: str) -> None:
        """Delete the member's own template, or the workspace's if an admin asks; NotAllowed."""
        admin = await self._admin(actor)
        async with self._database.transaction() as session:
            row = await table.find(session, actor.workspace_id, actor.member_id, template_id)
            if row is None:
                return
            if row.member_id == table.EVERYBODY and not admin:
                raise NotAllowed(ADMINS_ONLY)
            await session.delete(row)

    async def begin_with(self, actor: Actor, template_id: str) -> None:
        """The member's new follow-ups begin with this template, "" for none; raises NotFound."""
        if template_id:
            await self.get(actor, template_id, "en")
        async with self._database.transaction() as session:
            await table.keep_default(session, actor.workspace_id, actor.member_id, template_id)

    async def _admin(self, actor: Actor) -> bool:
        """An unreachable Slack leaves nobody an admin: what is one's own still works."""
        try:
            return await self._admins.includes(actor)
        except DomainError:
            return False


def checked_template(new: NewTemplate) -> NewTemplate:
    """What was typed, without blanks around it; raises Invalid naming the field."""
    title, text = " ".join(new.name.split()), new.outline.strip()
    if not title:
        raise Invalid(NO_NAME, field="name")
    if len(title) > MAX_NAME:
        raise Invalid(LONG_NAME, field="name", limit=MAX_NAME)
    if not any(character.isalpha() for character in text):
        raise Invalid(NO_OUTLINE, field="outline")
    if len(text) > MAX_OUTLINE:
        raise Invalid(LONG_OUTLINE, field="outline", n=len(text), limit=MAX_OUTLINE)
    return replace(new, name=title, outline=text)


def _ensure_free(new: NewTemplate, rows: list[table.TemplateRow]) -> None:
    others = [row for row in rows if row.id != new.id]
    taken = {row.name.casefold() for row in others}
    for named, _ in BUILT_IN.values():
        taken |= {named.en.casefold(), named.it.casefold()}
    if new.name.casefold() in taken:
        raise Invalid(NAME_TAKEN, field="name", name=new.name)
    if not new.id and len(others) >= MAX_TEMPLATES:
        raise Invalid(TOO_MANY, field="name", limit=MAX_TEMPLATES)


def _changed(new: NewTemplate, rows: list[table.TemplateRow], *, admin: bool) -> table.TemplateRow:
    row = next((one for one in rows if one.id == new.id), None)
    if row is None:
        raise NotFound(GONE)
    if row.member_id == table.EVERYBODY and not admin:
        raise NotAllowed(ADMINS_ONLY)
    if row.updated_at.isoformat() != new.version:
        raise Conflict(CHANGED)
    return row
