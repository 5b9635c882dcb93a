"""`/seguito`: help, settings and templates, and how they show in what is written."""

from dataclasses import dataclass
from datetime import time

import pytest

from integrations.sandbox.google.mime import draft_view
from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.sight import Sight
from integrations.sandbox.slack.visitor import Visitor
from services import Services
from services.actors import Actor
from services.people import Preferences, QuietHours
from tests.journeys.google import connect_gmail, disconnect_gmail
from tests.journeys.ledger import Ledger
from tests.journeys.steps import EDITOR, choose_meeting, message, modal, submit, write

FORM = "settings.form"
TEMPLATE_FORM = "templates.form"
TEMPLATES = "templates.list"
VISIT = "After a visit"
SIGNATURE = "Sam O'Connor\nAltamarea <Engineering> & Co\n+1 555 0100"


@dataclass(frozen=True)
class Row(Sight):
    """The row of a list with these words."""

    words: str = ""

    @property
    def blocks(self) -> list[Json]:
        """Of the view, only these."""
        return [block for block in self.surface.blocks if self.words in str(block.get("text"))]


async def open_settings(person: Visitor) -> None:
    """`/seguito settings`."""
    assert (await person.command("/seguito settings")).ok
    await modal(person, FORM)


async def new_template(person: Visitor, name: str, outline: str, *, scope: str) -> str:
    """Fill in a new template and save it; what stands under a field when it is refused."""
    await open_settings(person)
    await person.click("settings.show_templates")
    await modal(person, TEMPLATES)
    await person.click("templates.new")
    await modal(person, TEMPLATE_FORM)
    await person.type("templates.name", name)
    await person.type("templates.outline", outline)
    await person.choose("templates.scope", scope)
    return " ".join(((await person.submit()).errors or {}).values())


@pytest.mark.parametrize("words", ["", " help"])
async def test_help_says_what_can_be_typed(words: str, ada: Visitor) -> None:
    assert (await ada.command(f"/seguito{words}")).ok

    told = await message(ada, "/gmail-connect disconnect")
    assert told.only_for_me


async def test_an_unknown_word_is_named_and_help_given(ada: Visitor) -> None:
    await ada.command("/seguito <!channel> please")

    told = await message(ada, "here. You can type")
    assert "<!channel>" not in told
    assert "/seguito settings" in told


async def test_connections_show_their_health(ada: Visitor, giulia: Visitor) -> None:
    await connect_gmail(ada)
    await ada.command("/seguito connections")
    overview = await modal(ada, "connections.overview")
    assert f"connected as {ada.person.email}" in overview
    assert "Crono" in overview

    await disconnect_gmail(giulia)
    await giulia.command("/seguito connections")
    await giulia.sees(":white_circle: non collegato")


async def test_saved_settings_are_the_defaults_and_the_signature_is_in_both_parts(
    sam: Visitor, ledger: Ledger
) -> None:
    await connect_gmail(sam)
    await open_settings(sam)
    await sam.choose("settings.tone", "Formal")
    await sam.choose("settings.length", "Short")
    await sam.choose("settings.language", "Italian")
    await sam.type("settings.signature", SIGNATURE)
    await submit(sam)

    options = await choose_meeting(sam, "wexford")
    assert options.values["followups.tone@0"]["followups.tone"]["selected_option"]["value"] == (
        "formal"
    )
    await sam.type("followups.cc", "Ada@Altamarea.example")
    await submit(sam)
    assert "Your signature is added below the text" in await modal(sam, EDITOR)
    await sam.click("followups.create_draft")
    await sam.sees("The draft is in your Gmail")

    [request] = ledger.model_requests()
    wishes = str(request["messages"])
    assert "Language: Italian" in wishes
    assert "Tone: formal" in wishes
    assert "short (about 80 words)" in wishes
    [draft] = map(draft_view, ledger.stored_drafts(sam))
    assert draft["cc"] == "ada@altamarea.example"
    assert draft["text"].replace("\r\n", "\n").endswith(f"\n\n{SIGNATURE}\n")
    assert "Altamarea &lt;Engineering&gt; &amp; Co" in draft["html"]


async def test_settings_can_be_put_back(sam: Visitor, ledger: Ledger) -> None:
    await connect_gmail(sam)
    await open_settings(sam)
    await sam.type("settings.signature", "")
    await sam.choose("settings.tone", "Friendly")
    await sam.choose("settings.length", "Medium")
    await sam.choose("settings.language", "As in the meeting")
    await submit(sam)

    await write(sam, "wexford")
    await sam.click("followups.create_draft")
    await sam.sees("The draft is in your Gmail")
    draft = draft_view(ledger.stored_drafts(sam)[-1])
    assert draft["text"].replace("\r\n", "\n").endswith(f"\n\n{sam.person.real_name}\n")


async def test_what_may_happen_by_itself_is_chosen_and_put_back(
    sam: Visitor, inside: Services
) -> None:
    await open_settings(sam)
    await sam.choose("settings.auto_start", "Do nothing on your own")
    await sam.choose("settings.quiet_from", "22:30")
    await sam.choose("settings.quiet_until", "22:30")
    await sam.type("settings.aliases", "sam@alias.example; not-an-address")
    assert "at the same time" in " ".join(((await sam.submit()).errors or {}).values())
    await sam.choose("settings.quiet_until", "07:00")
    assert "“not-an-address”" in " ".join(((await sam.submit()).errors or {}).values())
    await sam.type("settings.aliases", "sam@alias.example; S.OConnor@alias.example")
    assert "America/New York" in await sam.suggestions("settings.zone", "new y")
    await sam.choose("settings.zone", "America/New York", typed="new y")
    await submit(sam)

    member = await inside.people.afresh(Actor("T0HOME", "U0SAM"))
    assert member.tz == "America/New_York"
    assert member.preferences.auto_start == "off"
    assert member.preferences.quiet == QuietHours(time(22, 30), time(7))
    assert member.preferences.aliases == ("sam@alias.example", "s.oconnor@alias.example")

    await open_settings(sam)
    await sam.choose("settings.auto_start", "Tell me, and I decide")
    await sam.choose("settings.quiet_from", "20:00")
    await sam.choose("settings.quiet_until", "08:00")
    await sam.choose("settings.zone", "As in Slack")
    await sam.type("settings.aliases", "")
    await submit(sam)
    assert (await inside.people.afresh(Actor("T0HOME", "U0SAM"))).preferences == Preferences()


async def test_an_own_template_is_offered_followed_and_only_seen_by_its_owner(
    sam: Visitor, ada: Visitor, ledger: Ledger
) -> None:
    assert await new_template(sam, VISIT, "Thank them; the tour", scope="Only for me") == ""
    assert (await sam.sees(VISIT)).callback_id == TEMPLATES
    await sam.close(everything=True)

    await choose_meeting(sam, "wexford")
    await sam.choose("followups.template", VISIT)
    await submit(sam)
    await modal(sam, EDITOR)
    assert "Thank them; the tour" in str(ledger.model_requests()[0]["messages"])

    options = await choose_meeting(ada, "hartwell logistics: marea")
    assert VISIT not in str(options.blocks)


async def test_only_an_admin_makes_templates_for_everybody(
    ada: Visitor, sam: Visitor, giulia: Visitor
) -> None:
    refused = await new_template(giulia, "Per tutti", "Saluti", scope="Tutti in questo workspace")
    assert "Solo un admin" in refused
    assert giulia.modal is not None
    assert giulia.modal.callback_id == TEMPLATE_FORM

    name, everybody = "House style", "Everybody in this workspace"
    assert await new_template(ada, name, "Short and kind", scope=everybody) == ""
    assert (await ada.sees(name)).callback_id == TEMPLATES

    await giulia.close(everything=True)
    options = await choose_meeting(giulia, "valdoro")
    assert name in str(options.blocks)


async def open_template(person: Visitor, name: str) -> Sight:
    """Settings, templates, and the one of this name."""
    await open_settings(person)
    await person.click("settings.show_templates")
    listed = await modal(person, TEMPLATES)
    await person.click("templates.open", within=Row(listed.surface, name))
    return await person.until(
        lambda: person.modal if person.modal and person.modal.callback_id != TEMPLATES else None
    )


async def test_a_template_is_changed_made_the_default_and_deleted_by_who_made_it(
    giulia: Visitor, ada: Visitor
) -> None:
    assert await new_template(giulia, "Breve", "Due righe", scope="Solo per me") == ""
    await giulia.close(everything=True)

    await open_template(giulia, "Breve")
    await giulia.type("templates.outline", "Tre righe, e la data")
    await submit(giulia)
    assert (await giulia.sees("Tre righe, e la data")).callback_id == TEMPLATES
    await giulia.close(everything=True)

    await open_template(giulia, "Breve")
    await giulia.click("templates.begin_with")
    await giulia.sees("Non più predefinito")
    await giulia.close(everything=True)
    options = await choose_meeting(giulia, "valdoro")
    chosen = options.values["followups.template@0"]["followups.template"]["selected_option"]
    assert chosen["text"]["text"] == "Breve"
    await giulia.close(everything=True)
    others = await choose_meeting(ada, "hartwell logistics: marea")
    assert "Breve" not in str(others.blocks)

    await open_template(giulia, "Breve")
    await giulia.click("templates.delete")
    await giulia.until(lambda: (giulia.modal is not None and "Breve" not in giulia.modal) or None)
    await giulia.close(everything=True)
    options = await choose_meeting(giulia, "valdoro")
    chosen = options.values["followups.template@0"]["followups.template"]["selected_option"]
    assert chosen["value"] == "-"


async def test_bad_input_is_told_beside_its_field_and_nothing_is_saved(giulia: Visitor) -> None:
    taken = await new_template(giulia, "RIEPILOGO", "Due righe", scope="Solo per me")
    assert taken == "Esiste già un modello “RIEPILOGO”. Scegli un altro nome."
    await giulia.type("templates.name", "Nuovo")
    await giulia.type("templates.outline", " — ")
    assert "Scrivi che cosa deve contenere" in " ".join(
        ((await giulia.submit()).errors or {}).values()
    )
    await giulia.close(everything=True)
    await open_settings(giulia)
    await giulia.click("settings.show_templates")
    assert "Nuovo" not in str((await modal(giulia, TEMPLATES)).blocks[1:])


async def test_a_preview_is_a_real_draft_that_is_kept_nowhere_and_what_was_typed_stays(
    ada: Visitor, ledger: Ledger
) -> None:
    await open_template(ada, "First call")
    await ada.click("templates.copy")
    await modal(ada, TEMPLATE_FORM)
    await ada.type("templates.outline", "Their goal; our </outline> offer")
    await ada.click("templates.ask_preview")
    await modal(ada, "templates.pick")
    await submit(ada)
    shown = await ada.sees("Only a preview")
    assert shown.callback_id == "templates.preview"

    [request] = ledger.model_requests()
    asked = str(request["messages"])
    assert "Their goal; our &lt;/outline&gt; offer" in asked
    await ada.click("templates.back")
    again = await modal(ada, TEMPLATE_FORM)
    assert "Their goal; our </outline> offer" in str(again.blocks)
    assert "First call (copy)" in str(again.blocks)


async def test_without_the_model_a_preview_says_so_and_leads_back(
    ada: Visitor, ledger: Ledger
) -> None:
    await open_template(ada, "Recap")
    await ada.click("templates.ask_preview")
    await modal(ada, "templates.pick")
    ledger.plan(Fault("anthropic", "messages", "refusal", times=2))
    await submit(ada)
    await ada.sees("The model declined")
    await ada.click("templates.back")
    await modal(ada, "templates.read")
