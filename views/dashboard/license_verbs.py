"""Forms of what is done with a license: one table says what each asks for."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.errors import DomainError
from services.licensing import License
from services.phrases import Phrase
from views.dashboard.kit.blocks import PageForm, Screen
from views.dashboard.kit.fields import NOTHING_TYPED, Field, FormInput
from views.dashboard.kit.reader import PageReader
from views.dashboard.licenses import MICRO, PATH, crumbs_of
from views.words.dashboard import licenses as say

MONTHS, REASON, OVERLAP, EMAIL, DOLLARS, CONFIRM = (
    *("months", "reason", "overlap", "email", "budget_micro", "confirm"),
)


@dataclass(frozen=True, slots=True)
class LicenseVerb:
    """Its words; `dangerous` ones ask for the holder's address to be typed."""

    title: Phrase
    lead: Phrase
    dangerous: bool = False


VERBS: Mapping[str, LicenseVerb] = {
    "renew": LicenseVerb(say.RENEW, say.RENEW_LEAD),
    "suspend": LicenseVerb(say.SUSPEND, say.SUSPEND_LEAD),
    "cancel": LicenseVerb(say.CANCEL_TITLE, say.CANCEL_LEAD, dangerous=True),
    "rotate": LicenseVerb(say.ROTATE, say.ROTATE_LEAD),
    "transfer": LicenseVerb(say.TRANSFER, say.TRANSFER_LEAD),
    "limit": LicenseVerb(say.LIMIT, say.LIMIT_LEAD),
}


def ask(
    license: License,
    verb: str,
    reader: PageReader,
    typed: FormInput = NOTHING_TYPED,
    error: DomainError | None = None,
) -> Screen:
    """The form of one verb."""
    words, path = VERBS[verb], f"{PATH}/{license.id}"
    form = PageForm(
        f"{path}/{verb}",
        _fields(license, verb, reader),
        reader(words.title),
        lead=reader(words.lead),
        style="danger" if words.dangerous else "primary",
        typed=typed,
        error=error,
        cancel_href=path,
    )
    return Screen(reader(words.title), (form,), crumbs=crumbs_of(license, reader))


def _fields(license: License, verb: str, reader: PageReader) -> tuple[Field, ...]:
    reason = Field(REASON, reader(say.REASON), most=500, help=reader(say.REASON_HELP))
    budget = "" if license.budget_micro is None else str(license.budget_micro // MICRO)
    name = license.email
    return {
        "renew": (
            Field(MONTHS, reader(say.MONTHS), "number", "12", required=True, most=120,
                  help=reader(say.MONTHS_HELP)),
        ),
        "suspend": (reason,),
        "cancel": (
            reason,
            Field(CONFIRM, reader(say.CONFIRM, name=name), required=True, most=300),
        ),
        "rotate": (
            Field(OVERLAP, reader(say.OVERLAP), "number", "24", required=True, most=720,
                  help=reader(say.OVERLAP_HELP)),
        ),
        "transfer": (Field(EMAIL, reader(say.NEW_HOLDER), "email", required=True, most=254),),
        "limit": (Field(DOLLARS, reader(say.DOLLARS), "number", budget, most=1_000_000),),
    }[verb]  # fmt: skip
