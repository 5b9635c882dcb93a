"""The provisioning operation: step by step from an account to credits and a key that works."""

from dataclasses import dataclass
from datetime import timedelta
from random import SystemRandom

from db.store.session import Database, Session
from db.users import users as table
from integrations.errors import AuthExpired, RateLimited, RefusedByVendor
from integrations.openrouter.errors import NO_CREDITS
from services.actors import Operator
from services.errors import DomainError, Temporary, translate_vendor_errors
from services.operations import (
    FAILED,
    Backoff,
    Done,
    Kind,
    Operations,
    Outcome,
    Place,
    Retry,
    Skipped,
    Start,
    StepPlan,
    Work,
)
from services.ports import Clock
from services.users import notes as say
from services.users.keys import UserKeys
from services.users.mirror import Mirror
from services.users.ports import Accounts, AuthAccount, CreditGrants
from services.users.state import ADMIN, ProvisioningTerms
from services.users.telling import UserNotices

PROVISION = "users.provision"
# Supabase and OpenRouter may be away for hours; whoever signed up waits all the same.
PATIENT = Backoff(tries=12, first=timedelta(seconds=1), longest=timedelta(minutes=30))
# A key is asked for again after a lost answer; OpenRouter is mended within days.
STUBBORN = Backoff(tries=30, first=timedelta(seconds=1), longest=timedelta(minutes=30))
UNTIL_CONFIRMED = timedelta(days=30)
LOOK_FIRST, LOOK_LAST = timedelta(minutes=1), timedelta(hours=6)
LOOK_SHARE = 4  # a quarter of the time it has waited already
UNTIL_SET_UP = timedelta(hours=1)
UNTIL_PAID = timedelta(minutes=15)
EMAIL_EXISTS = "email_exists"
MIRROR_TRIES = 3
AWAY = "no answer"


@dataclass(frozen=True, slots=True)
class ProvisioningPorts:
    """What the steps reach: our database, Supabase's accounts (None: none), ledger, ops channel."""

    database: Database
    accounts: Accounts | None
    grants: CreditGrants
    notices: UserNotices


class Provisioning:
    """Its steps, each of which may run again after a crash and then changes nothing twice."""

    def __init__(
        self,
        operations: Operations,
        keys: UserKeys,
        mirror: Mirror,
        outside: ProvisioningPorts,
        terms: ProvisioningTerms,
        clock: Clock,
    ) -> None:
        self._operations = operations
        self._keys = keys
        self._mirror = mirror
        self._outside = outside
        self._terms = terms
        self._clock = clock

    def kind(self) -> Kind:
        """The steps in their order; their names are kept in the database."""
        return Kind(
            PROVISION,
            (
                StepPlan("account", self.account, PATIENT),
                StepPlan("confirmation", self.confirmation, PATIENT),
                StepPlan("profile", self.profile),
                StepPlan("credits", self.credits, PATIENT),
                StepPlan("key", self.key, STUBBORN),
                StepPlan("mapping", self.mapping),
                StepPlan("mirror", self.mirror),
                StepPlan("active", self.active),
            ),
            cancellable=False,
            ended=self.ended,
            about="user",
        )

    async def account(self, work: Work) -> Outcome:
        """Supabase really knows this id, or the account an operator wants is made under it."""
        user = await self._user(work.subject_id)
        if self._outside.accounts is None:
            return Skipped(say.NO_SUPABASE(work.language))
        with translate_vendor_errors("Supabase"):
            account = await self._outside.accounts.user(user.id)
        if account is None and user.source == ADMIN:
            account = await self._created(self._outside.accounts, user)
            await self._confirm(user.id, account)
            return Done(say.CREATED(work.language))
        if account is None:
            async with self._outside.database.transaction() as session:
                if (unknown := await table.find(session, user.id, lock=True)) is not None:
                    await session.delete(unknown)
            raise DomainError(say.NOBODY)
        await self._confirm(user.id, account)
        return Done(say.FOUND(work.language))

    async def confirmation(self, work: Work) -> Outcome:
        """Where that is the setting, wait until the address is confirmed."""
        user = await self._user(work.subject_id)
        if (
            user.source == ADMIN
            or self._outside.accounts is None
            or not self._terms.on_confirmation
        ):
            return Skipped(say.NOT_NEEDED(work.language))
        if user.confirmed_at is None:
            with translate_vendor_errors("Supabase"):
                account = await self._outside.accounts.user(user.id)
            if account is None or account.confirmed_at is None:
                waited = self._clock() - user.created_at
                if waited > UNTIL_CONFIRMED:
                    raise DomainError(say.NEVER_CONFIRMED, days=UNTIL_CONFIRMED.days)
                pause = min(LOOK_LAST, max(LOOK_FIRST, waited / LOOK_SHARE))
                return Retry(say.UNCONFIRMED(work.language), pause)
            await self._confirm(user.id, account)
        return Done(say.CONFIRMED(work.language))

    async def profile(self, work: Work) -> Outcome:
        """Our profile of the user, whether or not Supabase's trigger has written its own yet."""
        async with self._outside.database.transaction() as session:
            user = await _known(session, work.subject_id)
            profile = await self._ensured(session, user)
            if profile.openrouter_provisioning_status == table.FAILED:
                profile.openrouter_provisioning_status = table.PENDING
                profile.openrouter_provisioning_error = ""
        return Done()

    async def credits(self, work: Work) -> Outcome:
        """The initial credits, once per mailbox for as long as we remember."""
        async with self._outside.database.transaction() as session:
            user = await _known(session, work.subject_id)
            wishes = await table.wishes(session, user.id)
            amount = (
                self._terms.initial_credits
                if wishes.initial_credits is None
                else wishes.initial_credits
            )
            if amount == 0:
                return Skipped(say.NO_CREDITS(work.language))
            given = await self._outside.grants.grant_initial(session, user.id, user.email, amount)
        if given is not None:
            return Done(say.CREDITS(work.language, amount=amount))
        await self._outside.notices.same_mailbox(user.email)
        return Skipped(say.SAME_MAILBOX(work.language))

    async def key(self, work: Work) -> Outcome:
        """The key at OpenRouter, sealed here with the provider's hash of it."""
        if not self._keys.ready:
            return Retry(say.NOT_SET_UP(work.language), UNTIL_SET_UP)
        try:
            made = await self._keys.make(work.subject_id)
        except RateLimited as error:
            # No failure, and no try: half of a thousand at once hear this. Spread, or all come back
            # in the same moment.
            spread = SystemRandom().uniform(1, 2)
            return Retry(say.ASKED_TO_WAIT(work.language), error.retry_after * spread)
        except AuthExpired as error:
            raise DomainError(say.KEY_REFUSED) from error
        except RefusedByVendor as error:
            if error.code != NO_CREDITS:
                raise DomainError(say.NOT_MADE, code=error.code) from error
            await self._outside.notices.out_of_credits()
            return Retry(say.EMPTY(work.language), UNTIL_PAID)
        return (
            Done(say.KEY_STORED(work.language)) if made else Skipped(say.KEY_THERE(work.language))
        )

    async def mapping(self, work: Work) -> Outcome:
        """The stored key is the user's from now on."""
        async with self._outside.database.transaction() as session:
            key = await self._keys.map(session, work.subject_id)
        return Done(say.LIMIT(work.language, limit=key.key_limit))

    async def mirror(self, work: Work) -> Outcome:
        """Supabase's profile, where there is one to write; a refusal is told and tried later."""
        if not self._mirror.ready:
            return Skipped(say.NO_MIRROR(work.language))
        try:
            refusal = await self._mirror.write(work.subject_id, becoming=table.ACTIVE)
        except Temporary:
            if work.attempt < MIRROR_TRIES:
                raise
            refusal = AWAY
        if refusal:
            await self._mirror.behind(work.subject_id)
            await self._outside.notices.not_mirrored(refusal)
            return Skipped(say.NOT_MIRRORED(work.language, code=refusal))
        return Done(say.MIRRORED(work.language))

    async def active(self, work: Work) -> Outcome:
        """From now on the user has everything, and the tables people query say so."""
        async with self._outside.database.transaction() as session:
            key = await self._keys.map(session, work.subject_id)
            profile = await self._ensured(session, await _known(session, work.subject_id))
            profile.openrouter_key_name = key.key_name
            profile.openrouter_key_limit = key.key_limit
            profile.openrouter_provisioning_status = table.ACTIVE
            profile.openrouter_provisioning_error = ""
            profile.updated_at = self._clock()
        return Done()

    async def ended(self, user_id: str, state: str) -> None:
        """A provisioning that failed: its reason where people look, its card in the ops channel."""
        if state != FAILED:
            return
        operation = await self._operations.of_subject(PROVISION, user_id)
        async with self._outside.database.transaction() as session:
            user = await table.find(session, user_id, lock=True)
            if operation is None or user is None:
                return
            profile = await self._ensured(session, user)
            if profile.openrouter_provisioning_status in (table.ACTIVE, table.REVOKED):
                return
            profile.openrouter_provisioning_status = table.FAILED
            profile.openrouter_provisioning_error = operation.problem
            profile.updated_at = self._clock()
        place = await self._outside.notices.place_of_failures(PROVISION)
        if place is not None:
            await self._operations.show_at(operation.id, place)

    async def _created(self, accounts: Accounts, user: table.UserRow) -> AuthAccount:
        try:
            with translate_vendor_errors("Supabase", let_through=(RefusedByVendor,)):
                return await accounts.create_user(user.email, user.id)
        except RefusedByVendor as error:
            if error.code == EMAIL_EXISTS:
                raise DomainError(say.TAKEN) from error
            with translate_vendor_errors("Supabase"):
                raise

    async def _confirm(self, user_id: str, account: AuthAccount) -> None:
        async with self._outside.database.transaction() as session:
            user = await table.find(session, user_id, lock=True)
            if user is not None and account.confirmed_at is not None:
                user.confirmed_at = account.confirmed_at

    async def _user(self, user_id: str) -> table.UserRow:
        async with self._outside.database.transaction() as session:
            return await _known(session, user_id)

    async def _ensured(self, session: Session, user: table.UserRow) -> table.UserProfileRow:
        now = self._clock()
        row = table.UserProfileRow(
            id=user.id, email=user.email, created_at=user.created_at, updated_at=now
        )
        return await table.ensure_profile(session, row)


def start_of(user: table.UserRow, operator: Operator, place: Place, language: str) -> Start:
    """The operation that the user's counter stands at: starting it twice is one."""
    return Start(
        kind=PROVISION,
        subject_id=user.id,
        title=user.email,
        operator=operator,
        dedupe=f"{PROVISION}:{user.id}:{user.provisionings}",
        language=language,
        place=place,
    )


async def _known(session: Session, user_id: str) -> table.UserRow:
    user = await table.find(session, user_id)
    if user is None:
        raise DomainError(say.NOBODY)
    return user
