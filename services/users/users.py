"""Users: signed up, created by an operator, changed, revoked, provisioned again."""

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

from db import operations as operation_table
from db.store.session import Database, Session
from db.users import signups
from db.users import users as table
from services.actors import Operator
from services.audit import Change, Facts, Subject, note
from services.email_address import wire_address
from services.errors import Conflict, Invalid, NotFound
from services.idempotency import idempotent
from services.operations import NOWHERE, RUNNING, Operations, Place
from services.phrases import Phrase
from services.ports import Clock
from services.users.keys import UserKeys
from services.users.listing import page_of_users
from services.users.mirror import Mirror
from services.users.provisioning import PROVISION, start_of
from services.users.state import (
    ACTIVE,
    ADMIN,
    PENDING,
    REVOKED,
    SIGN_UP,
    NewUser,
    SignedUp,
    User,
    UserChanges,
    read,
)

BY_SIGN_UP = Operator("signup", "auth")
GONE, YES = "refused", "signed_up"
MAX_LIMIT = Decimal(100_000)
MAX_CREDITS = 1_000_000_000
CENT = Decimal("0.01")

NO_USER = Phrase("There is no such user.", "Questo utente non esiste.")
NO_LIMIT = Phrase(
    "A key’s limit is dollars from 0 to 100,000, such as 10 or 2.50.",
    "Il limite di una chiave è in dollari, da 0 a 100.000, ad esempio 10 o 2.50.",
)
NO_AMOUNT = Phrase(
    "Credits are a whole number from 0 to 1,000,000,000.",
    "I crediti sono un numero intero da 0 a 1.000.000.000.",
)
KNOWN = Phrase(
    "There is a user with this address already. Provision that one again instead.",
    "C’è già un utente con questo indirizzo. Ripeti il provisioning di quello.",
)
HAS_ALL = Phrase(
    "This user is active and has a key: there is nothing to provision.",
    "Questo utente è attivo e ha una chiave: non c’è niente da fare.",
)
WAS_REVOKED = Phrase(
    "This user’s key was revoked. Only provisioning the user again makes a new one.",
    "La chiave di questo utente è stata revocata. Solo un nuovo provisioning ne crea un’altra.",
)


class Users:
    """What operators and the sign-up do with users; every change is in the audit log."""

    def __init__(
        self,
        database: Database,
        operations: Operations,
        keys: UserKeys,
        mirror: Mirror,
        clock: Clock,
    ) -> None:
        self.database = database
        self._operations = operations
        self._keys = keys
        self._mirror = mirror
        self.clock = clock

    async def not_signed_up(self, intent_id: str) -> None:
        """Supabase said no, or answered with its fake user: there is nobody to provision."""
        async with self.database.transaction() as session:
            await self._resolve(session, intent_id, GONE, "")

    async def signed_up(self, intent_id: str, who: SignedUp) -> None:
        """Supabase said yes: keep the user and start the operation, once however often it says so.

        An address that was confirmed meanwhile is noted.
        """
        async with self.database.transaction() as session:
            await self._resolve(session, intent_id, YES, who.user_id)
            row = self._row(who.user_id, who.email.strip().lower(), SIGN_UP)
            row.confirmed_at = who.confirmed_at
            if await table.add(session, row):
                await self._begin(session, row.id, BY_SIGN_UP, NOWHERE, "en")
            elif who.confirmed_at is not None:
                await self._confirm(session, who)

    async def confirmed(self, who: SignedUp) -> None:
        """The address was confirmed, as Supabase told us; for users we know."""
        async with self.database.transaction() as session:
            await self._confirm(session, who)

    async def check(self, new: NewUser) -> NewUser:
        """The user as it would be created; raises Invalid with the field's name, or Conflict."""
        email = wire_address(new.email.strip().lower(), field="email")
        limit = None if new.key_limit is None else limit_of(new.key_limit)
        if new.initial_credits is not None and not 0 <= new.initial_credits <= MAX_CREDITS:
            raise Invalid(NO_AMOUNT, field="credits")
        return replace(new, email=email, key_limit=limit)

    @idempotent("users.create", User, lambda made: made.id)
    async def create_by_admin(
        self, operator: Operator, new: NewUser, place: Place = NOWHERE
    ) -> User:
        """Create a user under an id of ours and start the operation; once per operator's request.

        Raises Invalid, or Conflict when we know the address.
        """
        checked = await self.check(new)
        async with self.database.transaction() as session:
            user_id = await self.create(session, operator, checked, place=place)
        return await self.get(user_id)

    async def create(
        self,
        session: Session,
        operator: Operator,
        new: NewUser,
        *,
        place: Place = NOWHERE,
        language: str = "en",
    ) -> str:
        """The same in the session's transaction, of a checked one; the user's id."""
        await table.lock_address(session, new.email)
        if await table.of_email(session, new.email) is not None:
            raise Conflict(KNOWN)
        row = self._row(str(uuid4()), new.email, ADMIN)
        await table.add(session, row)
        session.add(
            table.UserSettingsRow(
                user_id=row.id, initial_credits=new.initial_credits, key_limit=new.key_limit
            )
        )
        await self._begin(session, row.id, operator, place, language)
        note(session, operator, "users.create", _subject(row.id), Change(after=_wishes(new)))
        return row.id

    async def get(self, user_id: str) -> User:
        """One user; raises NotFound."""
        async with self.database.transaction() as session:
            row = await _row(session, user_id)
            profile = await table.profile(session, user_id)
            user = read(row, profile, await table.wishes(session, user_id))
        operation = await self._operations.of_subject(PROVISION, user_id)
        return replace(user, operation_id=operation.id if operation else "")

    async def of_email(self, email: str) -> User | None:
        """The newest user with this address."""
        async with self.database.transaction() as session:
            row = await table.of_email(session, email.strip().lower())
        return await self.get(row.id) if row else None

    async def list(
        self,
        *,
        provisioned: bool | None = None,
        words: str = "",
        limit: int = 50,
        after: str = "",
    ) -> tuple[User, ...]:
        """The newest first, with or without a key that works, with every word in address or id.

        `after` is the last one's id of the page before; raises Invalid when that is gone.
        """
        return await page_of_users(
            self.database, provisioned=provisioned, words=words, limit=limit, after=after
        )

    async def change(self, operator: Operator, user_id: str, changes: UserChanges) -> User:
        """Limit or disable the key, at OpenRouter first; before there is one, for the one to come.

        Raises Invalid, NotFound, Conflict after a revocation, Temporary.
        """
        limit = None if changes.key_limit is None else limit_of(changes.key_limit)
        user = await self.get(user_id)
        if user.status == REVOKED:
            raise Conflict(WAS_REVOKED)
        await self._keys.change(user_id, limit=limit, disabled=changes.key_disabled)
        async with self.database.transaction() as session:
            profile = await table.profile(session, user_id, lock=True)
            wishes = await table.wishes(session, user_id)
            before = {"limit": _text(wishes.key_limit), "disabled": wishes.key_disabled}
            if limit is not None:
                wishes.key_limit = limit
            if changes.key_disabled is not None:
                wishes.key_disabled = changes.key_disabled
            if profile is not None and profile.openrouter_key_name and limit is not None:
                profile.openrouter_key_limit = limit
            session.add(wishes)
            after = {"limit": _text(wishes.key_limit), "disabled": wishes.key_disabled}
            note(session, operator, "users.change", _subject(user_id), Change(before, after))
        await self._mirror.behind(user_id)
        return await self.get(user_id)

    async def revoke(self, operator: Operator, user_id: str) -> User:
        """End the user's key for good; again changes nothing. Raises NotFound.

        It is written down first; where OpenRouter does not answer, the reconciler ends it.
        """
        async with self.database.transaction() as session:
            user = await _row(session, user_id, lock=True)
            profile = await table.ensure_profile(session, self._profile(user))
            before = profile.openrouter_provisioning_status
            await self._keys.give_up(session, user_id)
            profile.openrouter_provisioning_status = REVOKED
            profile.openrouter_provisioning_error = ""
            profile.openrouter_key_name = profile.openrouter_key_limit = None
            profile.updated_at = self.clock()
            change = Change({"status": before}, {"status": REVOKED})
            note(session, operator, "users.revoke", _subject(user_id), change)
        await self._mirror.behind(user_id)
        await self._keys.revoke_due(user_id)
        return await self.get(user_id)

    @idempotent("users.provision", User, lambda user: user.id, of="user_id")
    async def provision(
        self, operator: Operator, user_id: str, *, place: Place = NOWHERE, language: str = "en"
    ) -> User:
        """Provision again: what is there is kept, what is missing is given; a new key after an end.

        While one is under way nothing happens. Raises NotFound, Conflict for who has everything.
        """
        async with self.database.transaction() as session:
            await self.begin_again(session, operator, user_id, place=place, language=language)
        return await self.get(user_id)

    async def begin_again(
        self,
        session: Session,
        operator: Operator,
        user_id: str,
        *,
        place: Place = NOWHERE,
        language: str = "en",
    ) -> None:
        """The same in the session's transaction."""
        row = await _row(session, user_id, lock=True)
        profile = await table.ensure_profile(session, self._profile(row))
        if profile.openrouter_provisioning_status == ACTIVE:
            raise Conflict(HAS_ALL)
        newest = await operation_table.of_subject(session, PROVISION, user_id)
        if newest is None or newest.state != RUNNING:
            profile.openrouter_provisioning_status = PENDING
            profile.openrouter_provisioning_error = ""
            await self._begin(session, user_id, operator, place, language)
            note(session, operator, "users.provision", _subject(user_id))

    async def replace_key(self, operator: Operator, user_id: str) -> User:
        """A new key for a user whose key is gone or leaked: the old one is to be revoked first.

        Raises NotFound.
        """
        async with self.database.transaction() as session:
            row = await _row(session, user_id, lock=True)
            profile = await table.ensure_profile(session, self._profile(row))
            await self._keys.give_up(session, user_id)
            profile.openrouter_provisioning_status = PENDING
            profile.openrouter_key_name = profile.openrouter_key_limit = None
            await session.flush()
            await self.begin_again(session, operator, user_id)
        return await self.get(user_id)

    async def _begin(
        self, session: Session, user_id: str, operator: Operator, place: Place, language: str
    ) -> None:
        user = await _row(session, user_id, lock=True)
        user.provisionings += 1
        await self._operations.start(session, start_of(user, operator, place, language))

    async def _resolve(self, session: Session, intent_id: str, outcome: str, user_id: str) -> None:
        intent = await signups.find(session, intent_id)
        if intent is not None and not intent.outcome:
            intent.outcome, intent.user_id, intent.resolved_at = outcome, user_id, self.clock()

    async def _confirm(self, session: Session, who: SignedUp) -> None:
        user = await table.find(session, who.user_id, lock=True)
        if user is None or user.confirmed_at is not None or who.confirmed_at is None:
            return
        user.confirmed_at = who.confirmed_at
        newest = await operation_table.of_subject(session, PROVISION, user.id)
        if newest is not None:
            await self._operations.wake(session, newest.id)

    def _row(self, user_id: str, email: str, source: str) -> table.UserRow:
        return table.UserRow(
            id=user_id,
            email=email,
            source=source,
            created_at=self.clock(),
        )

    def _profile(self, user: table.UserRow) -> table.UserProfileRow:
        return table.UserProfileRow(
            id=user.id, email=user.email, created_at=user.created_at, updated_at=self.clock()
        )


def limit_of(limit: Decimal) -> Decimal:
    """Dollars with whole cents; raises Invalid."""
    if not limit.is_finite() or not 0 <= limit <= MAX_LIMIT or limit != limit.quantize(CENT):
        raise Invalid(NO_LIMIT, field="limit")
    return limit.quantize(CENT)


def _subject(user_id: str) -> Subject:
    return Subject("user", user_id)


def _wishes(new: NewUser) -> Facts:
    return {"credits": new.initial_credits, "limit": _text(new.key_limit)}


def _text(limit: Decimal | None) -> str | None:
    return None if limit is None else str(limit)


async def _row(session: Session, user_id: str, *, lock: bool = False) -> table.UserRow:
    row = await table.find(session, user_id, lock=lock)
    if row is None:
        raise NotFound(NO_USER)
    return row
