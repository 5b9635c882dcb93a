"""Amounts of deals: as a CRM writes them, as people type and read them; never as floats."""

from decimal import Decimal, InvalidOperation

from services.crm.port import Amount

# Currencies whose minor unit is not a hundredth (ISO 4217).
DECIMALS = {
    **dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF"), 0),
    **dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 3),
}
USUAL = 2
LARGEST = 10**15


def decimals(currency: str) -> int:
    """Digits after the point."""
    return DECIMALS.get(currency, USUAL)


def parsed(value: str, currency: str = "") -> Amount | None:
    """A plain decimal number (`1200.5`) as an amount; None when it is none."""
    try:
        number = Decimal(value)
        minor = int((number * 10 ** decimals(currency)).to_integral_value())
    except (InvalidOperation, ValueError, OverflowError):
        return None
    return Amount(minor, currency) if abs(minor) < LARGEST else None


def written(amount: Amount) -> str:
    """The amount as a plain decimal number, without needless zeros."""
    places = decimals(amount.currency)
    words = f"{Decimal(amount.minor).scaleb(-places):.{places}f}"
    return words.rstrip("0").rstrip(".") if "." in words else words


def typed(value: str, currency: str = "") -> Amount | None:
    """What a person typed, with `.` and `,` as they use them: `48.000,50`, `48,000.50`, `€ 48000`.

    The last separator is the decimal one when it has not three digits behind it, or when both
    kinds occur.
    """
    bare = "".join(c for c in value if c.isdigit() or c in ".,-").strip(".,")
    mark = max(bare.rfind("."), bare.rfind(","))
    if mark >= 0:
        whole, cents = bare[:mark], bare[mark + 1 :]
        both = "." in bare and "," in bare
        several = bare.count(bare[mark]) > 1
        is_decimal = both or (len(cents) != 3 and not several)
        whole = whole.replace(".", "").replace(",", "")
        bare = f"{whole}.{cents}" if is_decimal else f"{whole}{cents}"
    return parsed(bare, currency) if any(c.isdigit() for c in bare) else None


def shown(amount: Amount, language: str = "en") -> str:
    """For people: `48,000.00 EUR`, in Italian `48.000,00 EUR`."""
    places = decimals(amount.currency)
    number = f"{Decimal(amount.minor).scaleb(-places):,.{places}f}"
    if language == "it":
        number = number.translate(str.maketrans(",.", ".,"))
    return f"{number} {amount.currency}".strip()
