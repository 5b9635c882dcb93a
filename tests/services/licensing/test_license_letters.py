"""What our e-mails tell of licenses: in both languages, as things are when they leave."""

from datetime import timedelta
from email.policy import SMTP

import pytest

from db.mail import EmailRow
from services.licensing.customers import NewCustomer
from services.licensing.letters_licenses import LicenseLetters
from services.licensing.license_terms import Issued
from services.mail.layout import Envelope, Notice, Notices
from services.mail.sender import Post
from tests.kit.license_desk import NOW, OPS, LicenseStage, someone

SENDER = "Acme <licenses@home.example>"


async def delivery(stage: LicenseStage, issued: Issued, language: str = "en") -> Notice | None:
    async with stage.database.transaction() as session:
        return await LicenseLetters(stage.clock).delivery(session, row(issued, language))


async def expiring(stage: LicenseStage, issued: Issued, language: str = "en") -> Notice | None:
    async with stage.database.transaction() as session:
        return await LicenseLetters(stage.clock).expiring(session, row(issued, language))


def row(issued: Issued, language: str) -> EmailRow:
    return EmailRow(
        kind="license",
        to_address=issued.license.email,
        subject_id=issued.license.id,
        dedupe="x",
        language=language,
        created_at=NOW,
    )


async def test_the_key_comes_with_what_it_is_good_for(stage: LicenseStage) -> None:
    issued = await stage.issue("pro", 12, "shop.example")
    notice = await delivery(stage, issued)
    assert notice is not None
    assert notice.key == issued.key
    assert notice.subject == "Your Pro license key"
    assert notice.facts == (
        ("Plan", "Pro"),
        ("Valid until", "20 November 2027"),
        ("Sites", "3"),
        ("Site", "shop.example"),
    )
    italian = await delivery(stage, issued, "it")
    assert italian is not None
    assert italian.subject == "La tua chiave di licenza Pro"
    assert ("Valida fino al", "20 novembre 2027") in italian.facts


async def test_a_license_for_life_says_so(stage: LicenseStage) -> None:
    notice = await delivery(stage, await stage.issue(await stage.limited(1), None))
    assert notice is not None
    assert ("Valid until", "for life") in notice.facts


async def test_a_key_that_was_rotated_meanwhile_is_the_new_one(stage: LicenseStage) -> None:
    issued = await stage.issue()
    rotated = await stage.licenses.rotate(OPS, issued.license.id, timedelta(hours=1))
    notice = await delivery(stage, issued)
    assert notice is not None
    assert notice.key == rotated.key != issued.key


async def test_nobody_gets_the_key_of_a_license_they_gave_away(stage: LicenseStage) -> None:
    issued = await stage.issue()
    await stage.licenses.transfer(OPS, issued.license.id, someone())
    assert await delivery(stage, issued) is None


async def test_the_key_of_a_cancelled_license_is_not_sent(stage: LicenseStage) -> None:
    issued = await stage.issue()
    await stage.licenses.cancel(OPS, issued.license.id)
    assert await delivery(stage, issued) is None


@pytest.mark.parametrize(
    ("before", "english", "italian"),
    [
        (timedelta(days=14), "ends in 14 days", "scade tra 14 giorni"),
        (timedelta(days=3), "ends in 3 days", "scade tra 3 giorni"),
        (timedelta(days=1), "ends tomorrow", "scade domani"),
        (timedelta(hours=2), "ends today", "scade oggi"),
        (timedelta(seconds=-1), "has ended", "è scaduta"),
    ],
)
async def test_a_notice_counts_the_days_that_are_left_when_it_leaves(
    stage: LicenseStage, before: timedelta, english: str, italian: str
) -> None:
    issued = await stage.issue("pro", 1)
    assert issued.license.expires_at is not None
    stage.now = issued.license.expires_at - before
    for language, words in (("en", english), ("it", italian)):
        notice = await expiring(stage, issued, language)
        assert notice is not None
        assert notice.subject.endswith(words)
        assert issued.key not in repr(notice)


async def test_a_license_that_was_renewed_meanwhile_gets_no_notice(stage: LicenseStage) -> None:
    issued = await stage.issue("pro", 1)
    stage.wait(timedelta(days=27))
    assert await expiring(stage, issued) is not None
    await stage.licenses.renew(OPS, issued.license.id, 12)
    assert await expiring(stage, issued) is None


async def test_a_suspended_license_gets_no_notice(stage: LicenseStage) -> None:
    issued = await stage.issue("pro", 1)
    stage.wait(timedelta(days=27))
    await stage.licenses.suspend(OPS, issued.license.id, "unpaid")
    assert await expiring(stage, issued) is None


async def test_both_forms_of_an_email_say_the_same(stage: LicenseStage) -> None:
    email = someone()
    await stage.customers.create(OPS, NewCustomer(email, "Ann <b>& Sons</b>"))
    issued = await stage.issue("agency", 12, email=email)
    notice = await delivery(stage, issued)
    assert notice is not None
    envelope = Envelope(SENDER, email, "<1@home.example>", NOW)
    message = Notices().message(notice, envelope, "en")
    plain, html = (part.get_content() for part in message.iter_parts())
    for text in (issued.key, "Plan", "Agency", "unlimited", "Acme"):
        assert text in plain
        assert text in html
    assert "Hello Ann <b>& Sons</b>," in plain
    assert "Hello Ann &lt;b&gt;&amp; Sons&lt;/b&gt;," in html
    assert message["Auto-Submitted"] == "auto-generated"
    assert 'name="viewport"' in html
    assert max(map(len, message.as_bytes(policy=SMTP).splitlines())) <= 76


async def test_a_sender_of_a_domain_beyond_ascii_goes_out_as_punycode(stage: LicenseStage) -> None:
    notice = await delivery(stage, await stage.issue())
    assert notice is not None
    sender = "Bürobedarf <shop@büro.example>"
    envelope = Envelope(sender, "ann@müller.example", "<1@x.example>", NOW)
    message = Notices().message(notice, envelope, "en")
    assert str(message["From"]) == "Bürobedarf <shop@xn--bro-hoa.example>"
    assert message["To"] == "ann@xn--mller-kva.example"
    assert Post(None, sender).address == "shop@xn--bro-hoa.example"
    assert Post(None, "shöp@büro.example").address == ""
