"""Provisioning somebody in a real browser: form, live card, the key at OpenRouter, reconcile."""

from uuid import uuid4

from playwright.async_api import expect

from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from tests.browser.panel import Panel

FORM = "users.form"
CONFIRM = "users.confirm"
PROVISIONING_MS = 120_000


async def test_a_user_from_the_form_has_a_key_at_openrouter_within_seconds(
    panel: Panel, sandbox: Sandbox, ada: Visitor
) -> None:
    email = f"{uuid4().hex}@example.com"
    channel = next(c for c in sandbox.world.home.channels if c.is_ops)
    await panel.enter(ada.team.id, ada.id, channel.id)
    await panel.command("/provision-user")
    await expect(panel.modal(FORM)).to_be_visible()
    await panel.field("User’s e-mail").fill(email)
    await panel.field("Key’s limit in dollars (optional)").fill("2.50")
    await panel.submit()
    preview = panel.messages.filter(has_text="Provision this user?").last
    await expect(preview).to_contain_text("up to $2.50")
    await panel.element(CONFIRM).last.click()
    card = panel.messages.filter(has_text=email).last
    await expect(card).to_contain_text("has 100 credits", timeout=PROVISIONING_MS)
    await expect(card).to_contain_text("Done")

    keys = await panel.look_at("openrouter")
    await expect(keys).to_contain_text("seguito 127.0.0.1")
    await expect(keys).to_contain_text("$2.50")
    await expect(keys).not_to_contain_text("undefined")

    await panel.command("/provision-user reconcile")
    told = panel.messages.filter(has_text="Users, keys and credits compared").last
    await expect(told).to_be_visible(timeout=PROVISIONING_MS)
