"""`/license-issue bulk`: a file in, a preview, a message that counts along, each line once."""

import asyncio

from sqlalchemy import TextClause, text

from db.store.session import Database
from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.slack.sight import Sight
from integrations.sandbox.slack.visitor import Visitor
from tests.journeys.ledger import Ledger
from tests.journeys.steps import message, modal, submit
from tests.kit.license_desk import someone
from tests.kit.product import Product

OPS = "C0OPS"
FORM = "licenses.bulk_form"
HEADER = "email,plan,months,domain,name"
PATIENCE = 120  # seconds
# The button is there only once it is over.
ENDED = "Show me the keys"
ISSUED = text(
    "SELECT count(*) FROM licenses l JOIN customers c ON c.id = l.customer_id"
    " WHERE c.email LIKE :host"
)
LETTERS = text("SELECT count(*) FROM emails WHERE to_address LIKE :host")


def lines(host: str, good: int, bad: int = 0) -> str:
    """A file with so many good lines, and every tenth line bad while there are bad ones left."""
    made = [f"c{number}@{host},pro,12,," for number in range(good)]
    for number in range(bad):
        made.insert(number * 10, f"nobody-{number},pro,12,,")
    return "\n".join((HEADER, *made))


def new_host() -> str:
    """A domain no customer has yet."""
    return someone().replace("@", ".")


async def count(database: Database, query: TextClause, host: str) -> int:
    """How many rows belong to this host."""
    async with database.transaction() as session:
        return int((await session.execute(query, {"host": f"%{host}"})).scalar_one())


async def upload(ada: Visitor, csv: str) -> Sight:
    """The form with a file; the preview."""
    assert (await ada.command("/license-issue bulk", OPS)).ok
    await modal(ada, FORM)
    ada.attach("licenses.bulk_file", "licenses.csv", csv.encode())
    await submit(ada)
    preview = await message(ada, "licenses?")
    await ada.close(everything=True)
    return preview


async def test_good_lines_are_issued_and_the_bad_ones_listed(
    ada: Visitor, sam: Visitor, database: Database
) -> None:
    host = new_host()
    preview = await upload(ada, lines(host, good=30, bad=12))
    assert preview.only_for_me
    assert "30 to issue" in preview
    assert "12 with errors" in preview
    assert "Line 2: That is not an e-mail address." in preview
    assert "… and 2 more." in preview
    await ada.click("licenses.bulk_show_bad")
    shown = await modal(ada, "licenses.bulk_bad")
    assert str(shown).count("Line ") == 12
    await ada.close()
    assert await count(database, ISSUED, host) == 0

    await ada.click("licenses.confirm")
    ended = await message(ada, ENDED, within=PATIENCE)
    assert "Licenses in bulk" in ended
    assert "a file of 42 lines" in ended
    assert "42 of 42" in ended
    assert "30 issued · 12 with errors" in ended
    assert not ended.only_for_me
    assert any(ENDED in one for one in sam.everything())
    assert host not in str(ended)
    assert await count(database, ISSUED, host) == 30
    await ada.click("licenses.bulk_show_keys")
    keys = str(await modal(ada, "licenses.bulk_keys"))
    assert keys.count("CHA-") == 30
    assert keys.count(host) == 30
    await ada.close()


async def test_the_same_file_again_issues_nothing(ada: Visitor, database: Database) -> None:
    host = new_host()
    file = lines(host, good=5)
    await upload(ada, file)
    await ada.click("licenses.confirm")
    await message(ada, "5 issued", within=PATIENCE)
    await ada.command("/license-issue bulk", OPS)
    await modal(ada, FORM)
    await ada.type("licenses.bulk_pasted", file.replace(",", ";"))
    await submit(ada)
    again = await message(ada, "5 already issued")
    assert "Every line has been issued already" in again
    assert await count(database, ISSUED, host) == 5


async def test_every_customer_gets_one_email_when_wished(ada: Visitor, database: Database) -> None:
    host = new_host()
    await ada.command("/license-issue bulk", OPS)
    await modal(ada, FORM)
    await ada.type("licenses.bulk_pasted", lines(host, good=3))
    await ada.choose("licenses.bulk_send_email", "Yes, an e-mail for each license")
    await submit(ada)
    await message(ada, "Issue 3 licenses?")
    await ada.close(everything=True)
    await ada.click("licenses.confirm")
    await message(ada, "3 issued", within=PATIENCE)
    assert await count(database, LETTERS, host) == 3


async def test_a_file_that_is_none_is_told_in_the_form(ada: Visitor) -> None:
    await ada.command("/license-issue bulk", OPS)
    await modal(ada, FORM)
    assert "Attach a file" in " ".join(((await ada.submit()).errors or {}).values())
    ada.attach("licenses.bulk_file", "licenses.csv", b"PK\x03\x04 excel")
    await submit(ada)
    await ada.sees("This is not a CSV but another kind of file.")
    assert (await modal(ada, FORM)).callback_id == FORM


async def test_a_kill_in_the_middle_issues_every_line_once(
    ada: Visitor, product: Product, database: Database, ledger: Ledger
) -> None:
    host = new_host()
    await upload(ada, lines(host, good=150, bad=3))
    await ada.click("licenses.confirm")
    for _ in range(PATIENCE * 50):
        if await count(database, ISSUED, host) > 10:
            break
        await asyncio.sleep(0.02)
    product.kill()
    at_the_kill = await count(database, ISSUED, host)
    assert 0 < at_the_kill < 150
    await product.start()
    assert "150 issued · 3 with errors" in await message(ada, ENDED, within=PATIENCE)
    await ledger.idle()
    assert await count(database, ISSUED, host) == 150
    assert sum("in bulk" in one for one in ada.everything()) == 1


async def test_a_slack_that_is_away_holds_nothing_up(
    ada: Visitor, database: Database, ledger: Ledger
) -> None:
    host = new_host()
    await upload(ada, lines(host, good=5))
    ledger.plan(Fault("slack", "chat.postMessage", "status", times=3))
    await ada.click("licenses.confirm")
    await message(ada, "5 issued", within=PATIENCE)
    assert await count(database, ISSUED, host) == 5


async def test_a_download_that_fails_is_told_and_can_be_tried_again(
    ada: Visitor, ledger: Ledger
) -> None:
    await ada.command("/license-issue bulk", OPS)
    await modal(ada, FORM)
    ada.attach("licenses.bulk_file", "licenses.csv", lines(new_host(), good=2).encode())
    ledger.plan(Fault("slack", "files.info", "status", times=2))
    await submit(ada)
    await ada.sees("Slack does not answer right now.")
    await modal(ada, FORM)
