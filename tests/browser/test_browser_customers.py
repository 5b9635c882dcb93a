"""What the customers' side looks like in the panel: e-mail, the web site, and files for a modal."""

import json
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

import aiosmtplib
import httpx
import pytest
from playwright.async_api import FilePayload, expect

from integrations.sandbox.server import Sandbox
from integrations.sandbox.site.vendor import Site
from integrations.sandbox.slack.vendor import Slack
from integrations.sandbox.slack.visitor import Visitor
from integrations.sandbox.smtp.server import ACCOUNT
from integrations.sandbox.smtp.vendor import Smtp
from tests.browser.panel import Panel

KEY = "CHA-0A1B2C3D-4E5F6071-8293A4B5-C6D7E8F9"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
UPLOADS = {
    "type": "modal",
    "callback_id": "test.files",
    "title": {"type": "plain_text", "text": "Files"},
    "blocks": [
        {
            "type": "input",
            "block_id": "csv",
            "label": {"type": "plain_text", "text": "The list"},
            "element": {
                "type": "file_input",
                "action_id": "csv",
                "filetypes": ["csv"],
                "max_files": 1,
            },
        }
    ],
    "submit": {"type": "plain_text", "text": "Send"},
}


@pytest.fixture
def file_reader(sandbox: Sandbox, ada: Visitor) -> Iterator[Visitor]:
    """Ada, in a workspace whose app may read files and has asked her for one."""
    before = set(ada.team.scopes)
    ada.team.scopes.add("files:read")
    ada.team.views.put_on_top(ada.id, UPLOADS, channel="", pushed=False)
    sandbox.of(Slack).changes.announce("client")
    yield ada
    ada.team.views.close_all(ada.id)
    ada.team.scopes.intersection_update(before)


async def send(sandbox: Sandbox) -> None:
    """An e-mail to a customer, as the product sends them."""
    message = EmailMessage()
    message["From"] = "Seguito <licenses@seguito.example>"
    message["To"] = "olga@shop.example"
    message["Subject"] = "Your license"
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain="seguito.example")
    message.set_content(f"Your key: {KEY}")
    message.add_alternative(f"<h1>Your key</h1><p>{KEY}</p>", subtype="html")
    user, password = ACCOUNT
    await aiosmtplib.send(
        message,
        hostname="127.0.0.1",
        port=sandbox.of(Smtp).server.port,
        username=user,
        password=password,
    )


async def test_an_email_is_read_as_its_customer_reads_it(panel: Panel, sandbox: Sandbox) -> None:
    inbox = await panel.look_at("smtp")
    await expect(inbox).to_contain_text("No e-mail yet")
    await send(sandbox)
    await inbox.get_by_role("button", name="olga@shop.example").click()
    await expect(inbox.locator("[data-field=subject]")).to_have_text("Your license")
    await expect(panel.page.frame_locator("iframe").locator("p")).to_have_text(KEY)
    await inbox.get_by_role("tab", name="Plain text").click()
    await expect(inbox.locator("[data-field=text]")).to_contain_text(f"Your key: {KEY}")
    await inbox.get_by_role("tab", name="Headers").click()
    await expect(inbox).to_contain_text("Message-ID")


async def test_the_site_shows_status_and_raw_answer_of_the_app(panel: Panel) -> None:
    site = await panel.look_at("site")
    await site.get_by_label("License key").fill(KEY)
    await site.get_by_role("tab", name="Validate").click()
    await site.get_by_label("Domain").fill("shop.example")
    await site.get_by_role("button", name="Ask the app").click()
    await expect(site.locator("[data-site=status]")).to_have_text("200")
    told = json.loads(await site.locator("[data-site=answer]").inner_text())
    assert (told["valid"], told["code"]) == (False, "NOT_FOUND")


async def test_an_answer_below_a_long_form_comes_into_sight(panel: Panel) -> None:
    site = await panel.look_at("site")
    await site.get_by_label("License key").fill("🗝")
    await site.get_by_role("tab", name="Chat").click()
    await site.get_by_role("button", name="Ask the app").click()
    await expect(site.locator("[data-site=status]")).to_have_text("no answer")
    await expect(site.locator("[data-site=answer]")).to_have_text(re.compile("paste it again"))
    await expect(site.locator("[data-site=answer]")).to_be_in_viewport(ratio=0.9)


async def test_webhooks_are_listed_and_judged_once_the_secret_is_known(
    panel: Panel, sandbox: Sandbox
) -> None:
    site = await panel.look_at("site")
    async with httpx.AsyncClient(trust_env=False) as http:
        await http.post(f"{panel.url}/site/webhooks", json={"type": "license.issued"})
    row = site.locator("[data-webhook]")
    await expect(row).to_contain_text("license.issued")
    await expect(row).to_contain_text("not checked")
    await site.get_by_label("Secret of the webhooks").fill(SECRET)
    await site.get_by_role("button", name="Check", exact=True).click()
    await expect(row).to_contain_text("refused")
    await row.get_by_role("button").click()
    await expect(row).to_contain_text("the header webhook-id is missing")
    sandbox.of(Site).webhooks.secrets = ()


async def test_a_file_is_chosen_refused_taken_away_and_chosen_again(
    panel: Panel, file_reader: Visitor
) -> None:
    chosen = panel.element("csv")
    await chosen.set_input_files(FilePayload(name="list.pdf", mimeType="x/y", buffer=b"x"))
    await expect(panel.modal()).to_contain_text("list.pdf is not a csv file.")
    await panel.submit()
    await expect(panel.modal()).to_contain_text("Please complete this required field.")
    csv = FilePayload(name="May.csv", mimeType="text/csv", buffer=b"email,plan\n")
    await chosen.set_input_files(csv)
    await expect(panel.modal()).to_contain_text("May.csv")
    await expect(panel.modal()).not_to_contain_text("Please complete")
    await panel.modal().get_by_role("button", name="Remove May.csv").click()
    await chosen.set_input_files(csv)
    await expect(panel.modal().locator("[data-file]")).to_have_count(1)
