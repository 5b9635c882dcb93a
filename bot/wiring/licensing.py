"""Plans, customers, licenses and their sites, and the e-mails about them."""

from collections.abc import Mapping

from bot.wiring.foundation import Foundation
from services import LicensingServices, MailServices
from services.licensing import (
    Customers,
    LicenseLetters,
    Licenses,
    Plans,
    Sites,
    letters_licenses,
)
from services.mail import Writer
from services.ports import Announce, Clock


def build_licensing(base: Foundation, mail: MailServices, announce: Announce) -> LicensingServices:
    """What happens to licenses and sites is announced to other systems by `announce`."""
    database, clock = base.database, base.clock
    plans = Plans(database, clock)
    pepper, emails = base.settings.pepper(), mail.emails
    return LicensingServices(
        plans=plans,
        customers=Customers(database, clock),
        licenses=Licenses(database, pepper, plans, announce, emails, clock),
        sites=Sites(database, plans, announce, clock),
    )


def license_letters(clock: Clock) -> Mapping[str, Writer]:
    """Who writes which kind of e-mail."""
    letters = LicenseLetters(clock)
    return {
        letters_licenses.DELIVERY: letters.delivery,
        letters_licenses.EXPIRING: letters.expiring,
    }
