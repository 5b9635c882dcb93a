"""Outlines a follow-up may follow: some come with the product, members add their own."""

from dataclasses import dataclass

from db.followups import templates as table
from db.store.session import Database
from services.actors import Actor
from services.errors import Invalid, NotAllowed
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
    """A named outline; `mine` may be changed by the member, `shared` is everybody's."""

    id: str
    name: str
    outline: str
    mine: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True)
class NewTemplate:
    """A template as it was typed; `shared` asks for everybody in the workspace."""

    name: str
    outline: str
    shared: bool = False


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
        admin = any(row.member_id == table.EVERYBODY for row in rows) and (
            await self._admins.includes(actor)
        )
        built_in = (
            Template(key, named(language), outline(language))
            for key, (named, outline) in BUILT_IN.items()
        )
        own = (
            Template(
                row.id,
                row.name,
                row.outline,
                mine=row.member_id == actor.member_id or admin,
                shared=row.member_id == table.EVERYBODY,
            )
            for row in rows
        )
        return (*built_in, *own)

    async def outline(self, actor: Actor, template_id: str, language: str) -> str:
        """The outline chosen; "" for none, or for one that is gone."""
        for template in await self.available(actor, language):
            if template.id == template_id:
                return template.outline
        return ""

    async def save(self, actor: Actor, new: NewTemplate) -> None:
        """Keep a new template; raises Invalid or NotAllowed."""
        title, text = " ".join(new.name.split())[:MAX_NAME], new.outline.strip()[:MAX_OUTLINE]
        if not title:
            raise Invalid(NO_NAME, field="name")
        if not text:
            raise Invalid(NO_OUTLINE, field="outline")
        if new.shared and not await self._admins.includes(actor):
            raise NotAllowed(ADMINS_ONLY)
        async with self._database.transaction() as session:
            rows = await table.of_member(session, actor.workspace_id, actor.member_id)
            if len(rows) >= MAX_TEMPLATES:
                raise Invalid(TOO_MANY, field="name", limit=MAX_TEMPLATES)
            owner = table.EVERYBODY if new.shared else actor.member_id
            session.add(
                table.TemplateRow(
                    workspace_id=actor.workspace_id,
                    member_id=owner,
                    name=title,
                    outline=text,
                    updated_at=self._clock(),
                )
            )

    async def delete(self, actor: Actor, template_id: str) -> None:
        """Delete the member's own template, or the workspace's if an admin asks."""
        async with self._database.transaction() as session:
            row = await table.find(session, actor.workspace_id, actor.member_id, template_id)
        if row is None:
            return
        if row.member_id == table.EVERYBODY and not await self._admins.includes(actor):
            raise NotAllowed(ADMINS_ONLY)
        async with self._database.transaction() as session:
            await session.delete(row)
