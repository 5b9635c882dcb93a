"""A person in front of Google's consent page, in a browser that keeps cookies."""

import re
from html import unescape

import httpx

from integrations.sandbox.slack.sight import Sight
from integrations.sandbox.slack.visitor import Visitor

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
OPEN_LINK = "connections.open_link"
GRANTED = re.compile(r'name="granted" value="([^"]+)"')


def browser(language: str = "en-US") -> httpx.AsyncClient:
    """A browser: follows redirects, keeps cookies, and says its language."""
    headers = {"Accept-Language": language}
    return httpx.AsyncClient(follow_redirects=True, trust_env=False, timeout=20, headers=headers)


async def connect_gmail(person: Visitor) -> str:
    """From `/gmail-connect` to the last page; what that page says."""
    link = await fresh_link(person)
    async with browser(person.person.locale) as window:
        return await consent(window, link, person.person.email)


async def disconnect_gmail(person: Visitor) -> None:
    """`/gmail-connect disconnect`, and the answer to it."""
    answers = len(person.everything())
    assert (await person.command("/gmail-connect disconnect")).ok
    await person.until(lambda: len(person.everything()) > answers or None)


async def fresh_link(person: Visitor) -> str:
    """The personal link that `/gmail-connect` answers with."""
    known = newest_link(person)
    assert (await person.command("/gmail-connect")).ok
    return await person.until(lambda: link if (link := newest_link(person)) != known else None)


def link_in(sight: Sight) -> str:
    """The address behind the button that connects Gmail, or ""."""
    elements = [e for block in sight.blocks for e in block.get("elements", ())]
    return next((str(e["url"]) for e in elements if e.get("action_id") == OPEN_LINK), "")


async def linked_card(person: Visitor) -> str:
    """The link on the card of a follow-up, once it is there."""
    return await person.until(
        lambda: next((link_in(one) for one in person.messages() if "Version" in one), "") or None
    )


async def follow(person: Visitor, link: str, account: str = "") -> str:
    """Open the link in a browser, and allow everything for the account; the page one ends on."""
    async with browser() as window:
        return await consent(window, link, account or person.person.email)


def newest_link(person: Visitor) -> str:
    """The newest personal link on the person's screen, or ""."""
    return next(filter(None, map(link_in, person.everything())), "")


async def consent(
    window: httpx.AsyncClient,
    link: str,
    account: str,
    *,
    decision: str = "allow",
    unticked: str = "",
) -> str:
    """Follow the link, choose the account, decide; the text of the page one ends on."""
    page = await continued(window, link)
    form = _form(page, account, unticked) | {"decision": decision}
    return (await window.post(str(page.url), data=form)).text


async def allowed(window: httpx.AsyncClient, link: str, account: str) -> str:
    """Allow everything; the address Google then sends one back to, not yet opened."""
    page = await continued(window, link)
    form = _form(page, account) | {"decision": "allow"}
    answer = await window.post(str(page.url), data=form, follow_redirects=False)
    return answer.headers["Location"]


async def continued(window: httpx.AsyncClient, link: str) -> httpx.Response:
    """Open the link and, if it asks whether one is its owner, continue."""
    page = await window.get(link)
    return await window.post(link) if 'method="post"><button>' in page.text else page


def _form(page: httpx.Response, account: str, unticked: str = "") -> dict[str, object]:
    assert page.status_code == 200, page.text
    fields = {name: unescape(value) for name, value in HIDDEN.findall(page.text)}
    granted = [unescape(s) for s in GRANTED.findall(page.text) if not unticked or unticked not in s]
    return {**fields, "account": account, "granted": granted}
