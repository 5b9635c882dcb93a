"""Every emoji that the product's screens use is drawn by the panel, on any machine."""

import re
from pathlib import Path

import views

TEXT = Path("integrations/sandbox/panel/static/js/text")
SHORTCODE = re.compile(r'(?<![\w<]):([a-z][a-z_]{2,}):(?=[ "\'\\])')


def test_the_panel_draws_every_emoji_of_the_products_screens() -> None:
    screens = Path(views.__file__).parent.rglob("*.py")
    used = {code for screen in screens for code in SHORTCODE.findall(screen.read_text())}
    assert {"heavy_minus_sign", "leftwards_arrow_with_hook"} <= used

    table = (TEXT / "emoji.js").read_text()
    known = dict(re.findall(r"([\w+-]+) ([^\s,]+)", table))
    drawings = (TEXT / "emojiart.js").read_text()
    characters = {code: known.get(code, "?").replace("\ufe0f", "") for code in used}
    drawn = set(re.findall(r'^  "?([^\s"]+?)"?: ', drawings, re.MULTILINE))
    assert [code for code, character in characters.items() if character not in drawn] == []
