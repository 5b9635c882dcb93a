"""`/provision-user`: what would be given to whom, the yes, and the operation it starts."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from pydantic import TypeAdapter

from db import ops as proposals
from db.store.session import Database, Session
from services.actors import Actor, Operator
from services.audit import Change, Facts, Subject, note
from services.errors import Conflict, Invalid, NotFound
from services.operations import Place
from services.ops import COMMAND, Confirmations, Ops, PendingCommand, Proposal, operator_of
from services.people import Members
from services.users.provisioning import PROVISION
from services.users.state import NewUser, ProvisioningTerms, User
from services.users.users import HAS_ALL, NO_AMOUNT, NO_LIMIT, NO_USER, Users

PROVISION_USER = "/provision-user"
MAX_DIGITS = 12


@dataclass(frozen=True, slots=True)
class TypedUser:
    """A user as asked for, in the words that were typed; "" is what everybody gets."""

    email: str
    credits: str = ""
    limit: str = ""


@dataclass(frozen=True, slots=True)
class UserPreview:
    """What a yes would do; `known` is provisioned again, with what it was promised before."""

    new: NewUser
    known: User | None
    credits: int
    limit: Decimal


@dataclass(frozen=True, slots=True)
class UserOrder:
    """What a proposal keeps; `language` is that of the card."""

    new: NewUser
    user_id: str
    language: str


ORDER = TypeAdapter(UserOrder)


class UserOrders:
    """Begins what was confirmed, in the transaction that claims it."""

    def __init__(self, users: Users) -> None:
        self._users = users

    async def begin(self, session: Session, proposal_id: str) -> None:
        """The operation, with its card in the channel where it was asked for."""
        row = await proposals.find_job(session, proposal_id)
        if row is None:
            raise NotFound(NO_USER)
        order = ORDER.validate_json(row.arguments)
        operator = operator_of(Actor(row.workspace_id, row.member_id), row.member_name)
        place = Place(row.workspace_id, row.channel_id)
        language = order.language
        if order.user_id:
            again = self._users.begin_again
            await again(session, operator, order.user_id, place=place, language=language)
        else:
            await self._users.create(session, operator, order.new, place=place, language=language)


class UserCommands:
    """Previews and confirms; every verb may be repeated."""

    def __init__(
        self,
        database: Database,
        users: Users,
        terms: ProvisioningTerms,
        members: Members,
        confirmations: Confirmations,
        ops: Ops,
    ) -> None:
        self._database = database
        self._users = users
        self._terms = terms
        self._members = members
        self._confirmations = confirmations
        self._ops = ops

    async def preview(self, typed: TypedUser) -> UserPreview:
        """What would be given; nothing is written. Raises Invalid (with its field), Conflict."""
        new = await self._users.check(
            NewUser(typed.email, read_credits(typed.credits), read_limit(typed.limit))
        )
        known = await self._users.of_email(new.email)
        if known is not None and known.provisioned:
            raise Conflict(HAS_ALL)
        credits, limit = new.initial_credits, new.key_limit
        return UserPreview(
            new=new,
            known=known,
            credits=self._terms.initial_credits if credits is None else credits,
            limit=self._terms.key_limit if limit is None else limit,
        )

    async def rehearse(self, operator: Operator, typed: TypedUser) -> UserPreview:
        """The preview of a dry run: it leaves a line in the audit log and nothing else."""
        preview = await self.preview(typed)
        async with self._database.transaction() as session:
            facts: Facts = {"credits": preview.credits, "limit": str(preview.limit)}
            change = Change(after=facts, outcome="dry_run")
            note(session, operator, "users.create", Subject(COMMAND, PROVISION_USER), change)
        return preview

    async def propose(self, actor: Actor, channel_id: str, preview: UserPreview) -> Proposal:
        """Keep what was previewed until it is confirmed, for this person only."""
        member = await self._members.who(actor)
        user_id = preview.known.id if preview.known else ""
        order = ORDER.dump_json(UserOrder(preview.new, user_id, member.language)).decode()
        command = PendingCommand(PROVISION, channel_id, order)
        return await self._confirmations.keep(actor, member.name, command)

    async def confirm(self, actor: Actor, proposal_id: str) -> Proposal:
        """The yes: starts the operation once, whoever clicks how often.

        Raises NotFound, NotAllowed, or Conflict when it is too late.
        """
        proposal = await self._confirmations.find(actor, proposal_id)
        await self._ops.allow(actor, proposal.command.channel_id, PROVISION_USER)
        return await self._confirmations.confirm(actor, proposal_id)

    async def again(self, actor: Actor, user_id: str) -> User:
        """Provision a known user again, with a card in the ops channel; raises Conflict."""
        place = Place(actor.workspace_id, self._ops.channel_for(actor))
        member = await self._members.who(actor)
        operator, language = operator_of(actor, member.name), member.language
        return await self._users.provision(operator, user_id, place=place, language=language)

    async def withdraw(self, actor: Actor, proposal_id: str) -> None:
        """The no; raises Conflict after a yes."""
        await self._confirmations.withdraw(actor, proposal_id)


def read_credits(typed: str) -> int | None:
    """A whole number as typed, None for what everybody gets; raises Invalid (field `credits`)."""
    text = typed.strip()
    if text and not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS):
        raise Invalid(NO_AMOUNT, field="credits")
    return int(text) if text else None


def read_limit(typed: str) -> Decimal | None:
    """Dollars as typed (`10`, `$2.50`, `2,50`), None for the usual; raises Invalid (`limit`)."""
    text = typed.strip().removeprefix("$").replace(",", ".")
    if not text:
        return None
    try:
        return Decimal(text) if text.isascii() and len(text) <= MAX_DIGITS else Decimal("nan")
    except InvalidOperation:
        raise Invalid(NO_LIMIT, field="limit") from None
