"""Connecting Gmail: the personal link, Google's consent with all its turns, and disconnecting."""

import hashlib
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from db.connections import signins
from db.store.session import Database
from integrations.sandbox.google.accounts import Grant
from integrations.sandbox.google.vendor import Google
from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.sight import Sight
from integrations.sandbox.slack.visitor import Visitor
from tests.journeys.google import (
    OPEN_LINK,
    allowed,
    browser,
    connect_gmail,
    consent,
    continued,
    disconnect_gmail,
    follow,
    fresh_link,
    link_in,
)
from tests.journeys.ledger import Ledger
from tests.journeys.steps import modal
from tests.kit.product import Product

BAD_LINK = "This link has expired or was used already"
CONNECTED = "Gmail is connected"
CONNECT = "connections.connect_gmail"


def newest_grant(sandbox: Sandbox, person: Visitor) -> Grant:
    """The last permission this person gave, living or dead."""
    return [
        grant for grant in sandbox.of(Google).accounts.grants if grant.email == person.person.email
    ][-1]


async def opened(link: str) -> str:
    """The page behind a link."""
    async with browser() as window:
        page = await continued(window, link)
        assert page.status_code < 500
        return page.text


async def press(person: Visitor, sight: Sight | None) -> None:
    """Press the link there, and allow everything in the browser."""
    assert sight is not None
    link = link_in(sight)
    await person.click(OPEN_LINK, within=sight)
    await follow(person, link)


async def test_the_link_is_for_the_person_alone_and_slack_says_that_it_worked(
    ada: Visitor,
) -> None:
    link = await fresh_link(ada)

    message = next(sight for sight in ada.everything() if "it works once" in sight)
    assert message.only_for_me
    async with browser() as window:
        assert CONNECTED in await consent(window, link, ada.person.email)
    await ada.sees(f"{CONNECTED} as {ada.person.email}")


async def test_a_link_works_once(ada: Visitor) -> None:
    link = await fresh_link(ada)
    async with browser() as window:
        await consent(window, link, ada.person.email)

    assert BAD_LINK in await opened(link)


async def test_a_new_link_ends_the_one_before(ada: Visitor) -> None:
    first = await fresh_link(ada)
    second = await fresh_link(ada)

    assert BAD_LINK in await opened(first)
    assert BAD_LINK not in await opened(second)


async def test_a_link_expires(ada: Visitor, database: Database) -> None:
    link = await fresh_link(ada)
    [state] = parse_qs(urlsplit(link).query)["state"]
    async with database.transaction() as session:
        row = await signins.find(session, hashlib.sha256(state.encode()).hexdigest(), lock=True)
        assert row is not None
        assert timedelta(minutes=9) < row.expires_at - datetime.now(UTC) <= timedelta(minutes=10)
        row.expires_at -= timedelta(minutes=11)
        session.add(row)

    assert BAD_LINK in await opened(link)


async def test_another_browser_cannot_finish_what_one_began(ada: Visitor, ledger: Ledger) -> None:
    link = await fresh_link(ada)
    async with browser() as mine, browser() as other:
        callback = await allowed(mine, link, ada.person.email)
        page = await other.get(callback)
        assert page.status_code == 403
        assert BAD_LINK in page.text
        assert ledger.calls("google", "token") == []
        # The rightful browser is not robbed of its link.
        assert CONNECTED in (await mine.get(callback)).text


async def test_a_forged_state_leads_nowhere(product: Product, ledger: Ledger) -> None:
    for state in ("", "x", "forged.0123", "forged." + "0" * 64):
        for path in ("start", "callback"):
            async with browser() as window:
                address = f"{product.url}/oauth/gmail/{path}?state={state}&code=4/stolen"
                page = await window.get(address, follow_redirects=False)
                assert page.status_code == 403
                assert BAD_LINK in page.text
    assert ledger.calls("google") == []


async def test_denying_consent_connects_nothing(ada: Visitor, ledger: Ledger) -> None:
    await disconnect_gmail(ada)
    link = await fresh_link(ada)

    async with browser() as window:
        page = await consent(window, link, ada.person.email, decision="deny")

    assert "Google was not given permission" in page
    assert ledger.calls("google", "token") == []
    assert BAD_LINK in await opened(link)


async def test_an_unticked_permission_connects_nothing_and_is_given_back(
    ada: Visitor, sandbox: Sandbox
) -> None:
    await disconnect_gmail(ada)
    link = await fresh_link(ada)

    async with browser() as window:
        page = await consent(window, link, ada.person.email, unticked="gmail.compose")

    assert "Some permissions were unticked" in page
    assert not newest_grant(sandbox, ada).alive
    await disconnect_gmail(ada)
    await ada.sees("Gmail was not connected")


async def test_a_google_that_does_not_answer_is_told_on_the_page(
    ada: Visitor, ledger: Ledger
) -> None:
    link = await fresh_link(ada)
    ledger.plan(Fault("google", "token", "status", status=503))

    async with browser() as window:
        page = await consent(window, link, ada.person.email)

    assert "Google does not answer right now" in page


async def test_disconnecting_revokes_the_grant_and_says_so(ada: Visitor, sandbox: Sandbox) -> None:
    await connect_gmail(ada)
    assert newest_grant(sandbox, ada).alive

    await disconnect_gmail(ada)

    await ada.sees(f"Gmail is disconnected ({ada.person.email})")
    assert not newest_grant(sandbox, ada).alive
    await disconnect_gmail(ada)
    await ada.sees("Gmail was not connected")


async def test_disconnecting_works_when_google_does_not_answer(
    ada: Visitor, ledger: Ledger
) -> None:
    await connect_gmail(ada)
    ledger.plan(Fault("google", "revoke", "status", status=503))

    await disconnect_gmail(ada)

    await ada.sees(f"Gmail is disconnected ({ada.person.email})")


async def test_any_google_account_may_be_connected(ada: Visitor, sam: Visitor) -> None:
    link = await fresh_link(ada)
    async with browser() as window:
        assert sam.person.email in await consent(window, link, sam.person.email)
    await ada.sees(f"{CONNECTED} as {sam.person.email}")


async def test_the_pages_speak_the_language_of_the_browser(product: Product) -> None:
    async with browser("it-IT,it;q=0.9") as window:
        page = await window.get(f"{product.url}/oauth/gmail/start?state=x")
    assert "Questo link è scaduto" in page.text


async def test_the_page_says_whose_slack_the_mailbox_will_be_connected_to(ada: Visitor) -> None:
    link = await fresh_link(ada)
    async with browser() as window:
        page = await window.get(link)
    assert f"Are you {ada.person.real_name}?" in page.text
    assert ada.person.email in page.text
    assert "accounts" not in str(page.url)


async def test_google_is_asked_for_the_mailbox_of_the_person_in_slack(ada: Visitor) -> None:
    link = await fresh_link(ada)
    async with browser() as window:
        page = await continued(window, link)
    [hint] = parse_qs(urlsplit(str(page.url)).query)["login_hint"]
    assert hint == ada.person.email


async def test_the_pages_speak_the_language_of_the_person_whose_link_it_is(
    giulia: Visitor,
) -> None:
    link = await fresh_link(giulia)
    async with browser("en-US") as window:
        assert "Continua su Google" in (await window.get(link)).text
        assert "Gmail è collegato" in await consent(window, link, giulia.person.email)
        assert "Questo link è scaduto" in (await window.get(link)).text


async def test_a_message_that_was_followed_tells_how_it_ended_and_has_no_button_left(
    ada: Visitor,
) -> None:
    await disconnect_gmail(ada)
    link = await fresh_link(ada)
    await ada.click(OPEN_LINK)
    followed = await ada.sees("Go on in your browser")
    assert OPEN_LINK not in followed.actions

    async with browser() as window:
        await consent(window, link, ada.person.email)
    told = await ada.sees(f"{CONNECTED} as {ada.person.email}")
    assert told.actions == []
    assert not [one for one in ada.everything() if "Go on in your browser" in one]


async def test_home_and_connections_take_the_link_and_show_the_outcome(ada: Visitor) -> None:
    assert (await ada.command("/seguito connections")).ok
    await modal(ada, "connections.overview")
    await ada.click(CONNECT)
    await ada.sees("it works once")
    await press(ada, ada.modal)
    await ada.sees(f"connected as {ada.person.email}")
    await ada.close()

    await disconnect_gmail(ada)
    ada.visit("home")
    await ada.until(lambda: (ada.home is not None and "not connected" in ada.home) or None)
    assert ada.home is not None
    await ada.click(CONNECT, within=ada.home)
    await ada.until(lambda: (ada.home is not None and OPEN_LINK in ada.home.actions) or None)
    await press(ada, ada.home)
    shown = f"connected as {ada.person.email}"
    await ada.until(lambda: (ada.home is not None and shown in ada.home) or None)
