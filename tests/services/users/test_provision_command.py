"""`/provision-user` below the door: previewed, confirmed once, with its card in the channel."""

from decimal import Decimal
from uuid import uuid4

import pytest

from services.actors import Actor
from services.audit import Audit
from services.errors import Conflict, Invalid, NotAllowed
from services.ops import Confirmations, Ops, operator_of
from services.people import Members
from services.users import (
    PROVISION,
    TypedUser,
    UserChanges,
    UserCommands,
    UserOrders,
    read_credits,
    read_limit,
)
from tests.kit.desk import Quiet
from tests.kit.user_desk import OPS, UserDesk

ADA = Actor(OPS.workspace_id, "U0ADA")


def commands(desk: UserDesk) -> UserCommands:
    members = Members(desk.database, Quiet(), desk.clock)
    ops = Ops(Audit(desk.database), members, OPS.workspace_id, OPS.channel_id, {"U0ADA"})
    starters = {PROVISION: UserOrders(desk.users).begin}
    proposals = Confirmations(desk.database, desk.clock, starters)
    return UserCommands(desk.database, desk.users, desk.terms, members, proposals, ops)


async def test_a_preview_says_what_is_given_and_writes_nothing(desk: UserDesk) -> None:
    email = f"{uuid4().hex}@example.com"
    preview = await commands(desk).preview(TypedUser(email, "250", "$2,50"))
    assert (preview.credits, preview.limit, preview.known) == (250, Decimal("2.50"), None)
    usual = await commands(desk).preview(TypedUser(email))
    assert (usual.credits, usual.limit) == (100, Decimal(10))
    await commands(desk).rehearse(operator_of(ADA, "Ada"), TypedUser(email))
    assert await desk.users.of_email(email) is None


async def test_a_yes_starts_one_operation_with_its_card_however_often_it_is_clicked(
    desk: UserDesk,
) -> None:
    command, email = commands(desk), f"{uuid4().hex}@example.com"
    preview = await command.preview(TypedUser(email, "5"))
    proposal = await command.propose(ADA, OPS.channel_id, preview)
    for _ in range(2):
        await command.confirm(ADA, proposal.id)
    user = await desk.users.of_email(email)
    assert user is not None
    operation = await desk.run(user.id)
    assert (operation.state, operation.channel_id) == ("done", OPS.channel_id)
    assert (await desk.credits.balance(user.id)).available == 5
    with pytest.raises(Conflict):
        await command.withdraw(ADA, proposal.id)


async def test_a_known_user_is_provisioned_again_and_one_with_everything_is_refused(
    desk: UserDesk,
) -> None:
    command, user = commands(desk), await desk.provisioned()
    with pytest.raises(Conflict):
        await command.preview(TypedUser(user.email))
    operator = operator_of(ADA, "Ada")
    await desk.users.change(operator, user.id, UserChanges(Decimal(4)))
    await desk.users.revoke(operator, user.id)
    preview = await command.preview(TypedUser(user.email))
    assert preview.known is not None
    proposal = await command.propose(ADA, OPS.channel_id, preview)
    await command.confirm(ADA, proposal.id)
    assert (await desk.run(user.id)).state == "done"
    assert (await desk.users.get(user.id)).key_limit == Decimal(4)


async def test_only_an_ops_admin_confirms_and_only_what_was_theirs(desk: UserDesk) -> None:
    command = commands(desk)
    preview = await command.preview(TypedUser(f"{uuid4().hex}@example.com"))
    elsewhere = await command.propose(ADA, "C0RANDOM", preview)
    with pytest.raises(NotAllowed):
        await command.confirm(ADA, elsewhere.id)


@pytest.mark.parametrize("typed", ["ten", "1.5", "-1", "1e3", "٣", "9" * 13])
def test_credits_are_whole_numbers(typed: str) -> None:
    with pytest.raises(Invalid):
        read_credits(typed)


@pytest.mark.parametrize("typed", ["ten", "1,2,3", "9" * 13, "-1", "0.001", "NaN"])
async def test_a_limit_is_an_amount(desk: UserDesk, typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        await commands(desk).preview(TypedUser("a@example.com", limit=typed))
    assert refused.value.field == "limit"
    assert read_limit("$2,50") == Decimal("2.50")
