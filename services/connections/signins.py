"""Personal links into a vendor's sign-in: signed, good once, with the wish that led to them."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from pydantic import TypeAdapter

from db.connections import signins as table
from db.store.session import Database, Session, seal, unseal
from services.actors import Actor
from services.errors import NotAllowed
from services.phrases import Phrase
from services.ports import Clock

LINK_LIFE = timedelta(minutes=10)

# Where a link can be followed: a modal, the home tab, a message.
VIEW = "view"
HOME = "home"
MESSAGE = "message"

BAD_LINK = Phrase(
    "This link has expired or was used already. Type /gmail-connect in Slack for a new one.",
    "Questo link è scaduto o già usato. Scrivi /gmail-connect in Slack per averne uno nuovo.",
)


@dataclass(frozen=True, slots=True)
class LinkOrigin:
    """Where a person followed their link; `at` is the modal's id or the message's response URL."""

    kind: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class SpentLink:
    """A link that was just used up: whose, Google's verifier, the follow-up to go on with or ""."""

    id: str
    actor: Actor
    verifier: str
    followup_id: str
    place: LinkOrigin | None


PLACE: TypeAdapter[LinkOrigin] = TypeAdapter(LinkOrigin)


class SignIns:
    """Makes links and knows whose they are; only a member's newest one works."""

    def __init__(
        self, database: Database, public_url: str, signing_key: bytes, clock: Clock
    ) -> None:
        self._database = database
        self._public_url = public_url
        self._signing_key = signing_key
        self._clock = clock

    async def link(self, actor: Actor, followup_id: str = "") -> str:
        """A personal link, good once, for ten minutes; afterwards the follow-up goes on."""
        nonce = secrets.token_urlsafe(24)
        state = f"{nonce}.{self._signature(nonce)}"
        async with self._database.transaction() as session:
            await table.forget(session, actor.workspace_id, actor.member_id)
            session.add(
                table.SignIn(
                    id=_digest(state),
                    workspace_id=actor.workspace_id,
                    member_id=actor.member_id,
                    followup_id=followup_id,
                    expires_at=self._clock() + LINK_LIFE,
                )
            )
        return f"{self._public_url}/oauth/gmail/start?state={state}"

    async def followed(self, actor: Actor, place: LinkOrigin) -> None:
        """The member followed the newest link there: that is where the outcome is to be shown."""
        async with self._database.transaction() as session:
            row = await table.newest(session, actor.workspace_id, actor.member_id)
            if row is not None:
                seal(session, row, "place", PLACE.dump_json(place).decode())
                session.add(row)

    async def holder(self, state: str) -> Actor | None:
        """Whose link this is, or was while we remember it; None for one we never made."""
        async with self._database.transaction() as session:
            row = await table.find(session, _digest(state))
        return None if row is None else Actor(row.workspace_id, row.member_id)

    async def owner(self, state: str) -> Actor:
        """Whose link this is; raises NotAllowed when it is no good."""
        async with self._database.transaction() as session:
            row = await self._open(session, state)
            return Actor(row.workspace_id, row.member_id)

    async def begun(self, state: str, verifier: str) -> None:
        """Keep what Google will ask for at the end; raises NotAllowed."""
        async with self._database.transaction() as session:
            row = await self._open(session, state)
            seal(session, row, "verifier", verifier)
            session.add(row)

    async def use(self, state: str) -> SpentLink:
        """Use the link up; raises NotAllowed when it is no good or was not begun."""
        async with self._database.transaction() as session:
            row = await self._open(session, state)
            if row.verifier is None:
                raise NotAllowed(BAD_LINK)
            row.used_at = self._clock()
            session.add(row)
            return SpentLink(
                id=row.id,
                actor=Actor(row.workspace_id, row.member_id),
                verifier=unseal(session, row, "verifier"),
                followup_id=row.followup_id,
                place=PLACE.validate_json(unseal(session, row, "place")) if row.place else None,
            )

    async def forget_expired(self) -> None:
        """Drop every link that has expired."""
        async with self._database.transaction() as session:
            await table.purge(session, self._clock())

    async def _open(self, session: Session, state: str) -> table.SignIn:
        self._genuine(state)
        row = await table.find(session, _digest(state), lock=True)
        if row is None or row.used_at is not None or row.expires_at < self._clock():
            raise NotAllowed(BAD_LINK)
        return row

    def _genuine(self, state: str) -> None:
        nonce, _, signature = state.partition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(nonce).encode()):
            raise NotAllowed(BAD_LINK)

    def _signature(self, nonce: str) -> str:
        return hmac.new(self._signing_key, nonce.encode(), hashlib.sha256).hexdigest()


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
