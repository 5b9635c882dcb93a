"""Bytes to text: marked encodings first, UTF-8 next, then whatever fits the letters best."""

import codecs

from charset_normalizer import from_bytes

# Longest mark first: UTF-32's little-endian one begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GUESSES = [
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "mac_roman",
    "shift_jis",
    "gb18030",
    "big5",
]
_USUAL = "cp1252"
_CLOSE = 0.05
_SAMPLE = 20_000  # bytes that are not plain ASCII tell; a guess needs no more


def decode(data: bytes) -> str:
    """The text, without its mark. Nothing fails: a byte that fits nowhere becomes �."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start == len(data) - 1 or not data:
            return data.decode("utf-8", errors="replace")
        return data.decode(_guess(data), errors="replace")
    return text if "\0" not in text else data.decode(_unmarked(data), errors="replace")


def _guess(data: bytes) -> str:
    if b"\0" in data[:_SAMPLE]:
        return _unmarked(data)
    told = b"\n".join(row for row in data.splitlines() if not row.isascii())[:_SAMPLE]
    fits = from_bytes(told, cp_isolation=_GUESSES)
    best = fits.best()
    if best is None:
        return _USUAL
    usual = next((fit for fit in fits if fit.encoding == _USUAL), None)
    # Its neighbours differ in a few letters, which a few lines cannot decide.
    likely = usual is not None and usual.chaos <= best.chaos + _CLOSE
    return _USUAL if likely else best.encoding


def _unmarked(data: bytes) -> str:
    """UTF-16 or UTF-32 without a mark: which bytes of the first letters are zero."""
    zeros = [data[place:400:4].count(0) for place in range(4)]
    if zeros[2] and zeros[3] and not zeros[0]:
        return "utf-32-le"
    if zeros[0] and zeros[1] and not zeros[3]:
        return "utf-32-be"
    return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
