"""Different people: another workspace, another language, with a CRM and without."""

from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.slack.visitor import Visitor
from tests.journeys.google import connect_gmail
from tests.journeys.ledger import Ledger
from tests.journeys.steps import EDITOR, PICKER, begin, card, choose_meeting, modal, submit, write
from tests.kit.product import Product

SECRETS = (
    "fathom-sandbox-",
    "xoxb-sandbox-",
    "xapp-1-A0SEGUITO",
    "sk-ant-sandbox",
    "crono-sandbox-p",
    "google-sandbox-secret",
    "ya29.sandbox-",
    "1//sandbox-",
    "4/sandbox-",
)


def while_writing() -> Fault:
    """Holds the model: progress is drawn once a second, and can then be looked at."""
    return Fault("anthropic", "messages", "slow", seconds=2.5)


async def test_the_account_found_in_the_crm_is_named_and_its_facts_go_to_the_model(
    ada: Visitor, ledger: Ledger
) -> None:
    await begin(ada, "hartwell logistics: marea", ledger, while_writing())

    await ada.sees(":white_check_mark: CRM context · Hartwell Logistics")
    await modal(ada, EDITOR)
    [request] = ledger.model_requests()
    assert "Account: Hartwell Logistics" in str(request["messages"])


async def test_a_crm_that_does_not_answer_is_left_out_with_a_word(
    ada: Visitor, ledger: Ledger
) -> None:
    away = Fault("crono", "*", "status", times=None, status=503)
    await begin(ada, "hartwell logistics: marea", ledger, away, while_writing())

    await ada.sees(":warning: CRM context · Crono did not answer; left out")
    editor = await modal(ada, EDITOR)
    assert ":warning: CRM context · Crono did not answer; left out" in editor
    assert "No CRM facts." in str(ledger.model_requests()[0]["messages"])


async def test_a_workspace_without_crm_keys_is_told_in_a_word(
    tomas: Visitor, ledger: Ledger
) -> None:
    await begin(tomas, "foxglove", ledger, while_writing())

    await tomas.sees(":heavy_minus_sign: CRM context · no CRM is connected")
    await modal(tomas, EDITOR)
    assert ledger.calls("crono") == []


async def test_the_other_workspace_works_and_sees_nothing_of_the_first(
    ada: Visitor, tomas: Visitor, ledger: Ledger
) -> None:
    await write(ada, "hartwell logistics: marea")
    await connect_gmail(tomas)
    await write(tomas, "foxglove")
    await tomas.click("followups.create_draft")
    await tomas.sees("The draft is in your Gmail")
    assert len(ledger.drafts(tomas)) == 1
    assert ledger.drafts(ada) == []
    assert "Hartwell" not in str(tomas)

    await tomas.close(everything=True)
    await tomas.command("/followup hartwell")
    assert "No meeting matches" in await modal(tomas, PICKER)


async def test_colleagues_at_the_same_meeting_have_follow_ups_of_their_own(
    ada: Visitor, sam: Visitor, ledger: Ledger
) -> None:
    await write(ada, "rollout workshop")

    options = await choose_meeting(sam, "rollout workshop")
    assert "You already have a follow-up" not in options
    await submit(sam)
    await modal(sam, EDITOR)
    adas = await ledger.followup(ada, "rollout workshop")
    sams = await ledger.followup(sam, "rollout workshop")
    assert adas.id != sams.id


async def test_an_italian_is_spoken_to_in_italian_from_picker_to_draft(
    giulia: Visitor, ledger: Ledger
) -> None:
    assert "Gmail è collegato" in await connect_gmail(giulia)
    await giulia.sees(f"Gmail è collegato come {giulia.person.email}")
    assert (await giulia.command("/followup valdoro")).ok
    picker = await modal(giulia, PICKER)
    assert picker.title == "Le tue riunioni"
    await giulia.close()

    await begin(giulia, "valdoro", ledger, while_writing())
    await giulia.sees(":hourglass_flowing_sand: Bozza")
    editor = await modal(giulia, EDITOR)
    assert {"Oggetto", "Riassunto", "Nota CRM"} <= set(editor.text.splitlines())
    draft = await ledger.current(giulia, "valdoro")
    assert draft.body.startswith(("Ciao", "Gentile", "Buongiorno", "Salve"))

    await giulia.click("followups.create_draft")
    await giulia.sees("La bozza è nel tuo Gmail")
    assert "Versione 1" in await card(giulia, "La bozza è nel tuo Gmail")


async def test_the_language_can_be_chosen_against_that_of_the_meeting(
    giulia: Visitor, ledger: Ledger
) -> None:
    await choose_meeting(giulia, "valdoro")
    await giulia.choose("followups.language", "Inglese")
    await submit(giulia)
    await modal(giulia, EDITOR)

    assert (await ledger.current(giulia, "valdoro")).body.startswith(("Hi", "Hello", "Dear"))


async def test_no_secret_is_ever_written_into_the_log(
    ada: Visitor, sam: Visitor, product: Product, ledger: Ledger
) -> None:
    await connect_gmail(ada)
    await write(ada, "orchard")
    await ada.click("followups.create_draft")
    await ada.sees("The draft is in your Gmail")
    await sam.command("/seguito connections")
    await modal(sam, "connections.overview")
    await sam.click("connections.connect_fathom")
    await modal(sam, "connections.fathom_form")
    await sam.type("connections.fathom_key", "fathom-sandbox-mistyped")
    await submit(sam)
    await sam.sees("Fathom does not accept this key")
    ledger.plan(Fault("fathom", "*", "lost_reply", times=None))
    await ada.close(everything=True)
    await ada.command("/followup")
    await ada.sees("Fathom does not answer right now")

    log = product.log()
    assert "vendor.request" in log
    assert [secret for secret in SECRETS if secret in log] == []
    assert ledger.meeting("orchard").lines[0].text not in log


async def test_another_workspace_connects_its_own_crm_by_a_form(
    tomas: Visitor, ledger: Ledger
) -> None:
    await tomas.command("/seguito connections")
    await modal(tomas, "connections.overview")
    await tomas.click("crm.ask_keys_crono")
    await modal(tomas, "crm.form")
    await tomas.type("crm.key_1", "crono-sandbox-public")
    await tomas.type("crm.key_2", "not-the-private-one")
    await tomas.submit()
    await tomas.sees("Crono does not accept these keys")
    await tomas.type("crm.key_2", "crono-sandbox-private")
    await tomas.submit()
    await tomas.sees("Crono is connected")
    await tomas.close()
    await tomas.close()

    await tomas.command("/seguito connections")
    await tomas.sees("connected by")
    await tomas.click("crm.disconnect")
    await tomas.sees("Connect Crono")


async def test_only_an_admin_connects_the_crm(sam: Visitor) -> None:
    await sam.command("/seguito connections")
    await modal(sam, "connections.overview")
    await sam.click("crm.ask_keys_hubspot")
    await sam.sees("Only an admin of this Slack workspace")
