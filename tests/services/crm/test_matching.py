"""Which account a meeting is about: exactly, as people chose, and never by a guess."""

from datetime import timedelta
from uuid import uuid4

import pytest
import pytest_asyncio

from db import people
from db.store.session import Database
from integrations.errors import RefusedByVendor, Unreachable
from services.actors import Actor
from services.crm.crm import Crm
from services.crm.matching import NO_ACCOUNT
from services.crm.port import Account, Contact, Gone
from services.errors import Temporary
from services.meetings.history import Guest
from services.meetings.meetings import Meeting
from tests.kit.crm_desk import EPOCH, CrmDesk


def meeting(*emails: str, recorder: str = "ada@home.example") -> Meeting:
    """A meeting with these guests from outside."""
    guests = tuple(Guest("", email, True) for email in emails)
    end = EPOCH + timedelta(hours=1)
    return Meeting(1, "Call", "", EPOCH, end, "en", Guest("Ada", recorder, False), guests)


@pytest_asyncio.fixture
async def desk(database: Database) -> CrmDesk:
    desk = CrmDesk(database)
    desk.crm.put(
        Account("a1", "Acme Italia", ("acme.example",)),
        Account("a2", "Acme GmbH", ("acme.example", "acme.de.example"), site="acme.de.example"),
        Account("b1", "Beta", ("beta.example",), site="beta.example"),
        Account("b2", "Beta Cold", ("beta.example", "cold.beta.example"), site="cold.beta.example"),
        Account("c1", "Gamma", ("gamma.co.uk",)),
        Account("s1", "Shop of somebody", ("myshopify.com", "one.myshopify.com")),
        Account("h1", "Home itself", ("home.example",)),
        Account("g1", "Gmail lovers", ("gmail.com",)),
        Contact("p1", "Ann Beta", ("ann@beta.example",), "CEO", "b1"),
    )
    await desk.read()
    return desk


async def matched(desk: CrmDesk, *emails: str) -> str:
    match = await desk.matching.of(desk.ada, meeting(*emails))
    return match.account.id if match.account else ""


async def offered(desk: CrmDesk, *emails: str) -> list[str]:
    match = await desk.matching.of(desk.ada, meeting(*emails))
    return [] if match.account else [one.id for one in match.candidates]


async def test_an_exact_domain_is_the_account(desk: CrmDesk) -> None:
    assert await matched(desk, "bo@gamma.co.uk", "c@gamma.co.uk", "x@gmail.com") == "c1"


async def test_two_accounts_with_one_domain_are_offered_and_none_is_assumed(desk: CrmDesk) -> None:
    assert await offered(desk, "x@acme.example") == ["a1", "a2"]


async def test_of_sister_companies_the_website_tells_whose_the_domain_is(desk: CrmDesk) -> None:
    assert await matched(desk, "ann@beta.example") == "b1"


@pytest.mark.parametrize("email", ["x@gmail.com", "ada@home.example", "x@unknown.example", "x@"])
async def test_public_mail_and_ones_own_company_never_match(desk: CrmDesk, email: str) -> None:
    assert await matched(desk, email) == ""
    assert await offered(desk, email) == []


async def test_domains_of_all_colleagues_are_ones_own(desk: CrmDesk, database: Database) -> None:
    seen = people.MemberRow(
        workspace_id=desk.ada.workspace_id,
        member_id="U9",
        email="Bo@Gamma.co.uk",
        seen_at=desk.now,
    )
    async with database.transaction() as session:
        session.add(seen)
    assert await matched(desk, "x@gamma.co.uk") == ""


async def test_a_domain_above_is_offered_and_never_assumed(desk: CrmDesk) -> None:
    assert await matched(desk, "x@mail.gamma.co.uk") == ""
    assert await offered(desk, "x@mail.gamma.co.uk") == ["c1"]


async def test_a_host_that_strangers_share_offers_nobody(desk: CrmDesk) -> None:
    assert await offered(desk, "x@two.myshopify.com") == []


async def test_guests_of_two_accounts_are_for_the_person_to_choose_among(desk: CrmDesk) -> None:
    assert await offered(desk, "a@gamma.co.uk", "b@beta.example") == ["c1", "b1"]
    assert await offered(desk, "a@gamma.co.uk", "x@acme.example") == ["c1", "a1", "a2"]


async def test_a_choice_is_remembered_for_everybody_here_and_nobody_elsewhere(
    desk: CrmDesk,
) -> None:
    await desk.matching.choose(desk.ada, "acme.example", "a2")
    friend = Actor(desk.ada.workspace_id, "U7")
    match = await desk.matching.of(friend, meeting("x@acme.example"))
    assert match.account is not None
    assert (match.account.id, match.remembered) == ("a2", True)
    [kept] = await desk.matching.mappings(friend)
    assert (kept.domain, kept.account, kept.chosen_by) == ("acme.example", "Acme GmbH", "U1")
    assert await desk.matching.mappings(Actor(f"T{uuid4().hex[:6]}", "U1")) == ()


async def test_a_choice_made_for_a_note_is_remembered_like_any_other(desk: CrmDesk) -> None:
    account = await desk.matching.account(desk.ada, "a2")
    for _ in range(2):
        await desk.matching.remember(desk.ada, meeting("x@acme.example"), account)
    assert await matched(desk, "x@acme.example") == "a2"
    await desk.matching.remember(desk.ada, meeting("x@gmail.com"), account)
    both = meeting("x@acme.example", "b@beta.example")
    await desk.matching.remember(desk.ada, both, Account("c1", "Gamma"))
    assert len(await desk.matching.mappings(desk.ada)) == 1


async def test_none_of_the_accounts_can_be_chosen_and_taken_back(desk: CrmDesk) -> None:
    await desk.matching.choose(desk.ada, "gamma.co.uk", NO_ACCOUNT)
    assert await matched(desk, "x@gamma.co.uk") == ""
    assert await offered(desk, "x@gamma.co.uk") == []
    await desk.matching.forget(desk.ada, "gamma.co.uk")
    assert await matched(desk, "x@gamma.co.uk") == "c1"


async def test_an_account_of_nobody_cannot_be_chosen(desk: CrmDesk) -> None:
    with pytest.raises(Gone):
        await desk.matching.choose(desk.ada, "acme.example", "somebody-elses")


async def test_a_chosen_account_that_was_deleted_is_forgotten_and_asked_anew(
    desk: CrmDesk,
) -> None:
    await desk.matching.choose(desk.ada, "acme.example", "a2")
    del desk.crm.rows["account"]["a2"]
    context = await Crm(desk.access, desk.matching).context(desk.ada, meeting("x@acme.example"))
    assert (context.account_id, context.account) == ("a1", "Acme Italia")
    assert await desk.matching.mappings(desk.ada) == ()


async def test_a_refusal_of_another_kind_forgets_nothing(desk: CrmDesk) -> None:
    await desk.matching.choose(desk.ada, "acme.example", "a2")
    desk.crm.failing = [Unreachable("crono", "503")]
    with pytest.raises(Temporary):
        await Crm(desk.access, desk.matching).context(desk.ada, meeting("x@acme.example"))
    assert len(await desk.matching.mappings(desk.ada)) == 1


async def test_the_account_that_was_chosen_for_this_draft_goes_before_the_match(
    desk: CrmDesk,
) -> None:
    crm = Crm(desk.access, desk.matching)
    context = await crm.context(desk.ada, meeting("ann@beta.example"), "c1")
    assert context.account == "Gamma"


async def test_what_is_chosen_for_a_draft_is_remembered(desk: CrmDesk) -> None:
    crm = Crm(desk.access, desk.matching)
    context = await crm.context(desk.ada, meeting("x@acme.example"), "a2")
    assert context.account == "Acme GmbH"
    assert await matched(desk, "x@acme.example") == "a2"
    none = await crm.context(desk.ada, meeting("x@acme.example"), "-")
    assert (none.account, none.candidates) == ("", ())
    assert await matched(desk, "x@acme.example") == ""


async def test_without_a_company_a_choice_serves_this_draft_alone(desk: CrmDesk) -> None:
    crm = Crm(desk.access, desk.matching)
    context = await crm.context(desk.ada, meeting("x@gmail.com"), "c1")
    assert context.account == "Gamma"
    assert await desk.matching.mappings(desk.ada) == ()


async def test_of_several_candidates_the_context_says_all_and_uses_none(desk: CrmDesk) -> None:
    context = await Crm(desk.access, desk.matching).context(desk.ada, meeting("x@acme.example"))
    assert (context.account, context.candidate_ids) == ("", ("a1", "a2"))


async def test_before_the_index_is_filled_the_crm_itself_is_asked(database: Database) -> None:
    desk = CrmDesk(database)
    desk.crm.put(Account("c1", "Gamma", ("gamma.co.uk",)))
    assert await matched(desk, "x@gamma.co.uk") == "c1"
    desk.crm.failing = [RefusedByVendor("crono", "GenericError")]
    with pytest.raises(Exception, match="refused"):
        await matched(desk, "x@gamma.co.uk")
