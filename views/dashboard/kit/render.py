"""Pages as HTML: templates are the only place where tags are written."""

from collections.abc import Iterable
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from views.dashboard.kit.blocks import PageBlock, Screen
from views.dashboard.kit.frame import Frame
from views.dashboard.kit.reader import PageReader
from views.words.dashboard import frame as words


@cache
def environment() -> Environment:
    """The templates; what is not there is an error, not an empty place."""
    made = Environment(
        loader=PackageLoader("views.dashboard"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals["words"] = words
    return made


def page(frame: Frame, screen: Screen) -> str:
    """A whole page."""
    template = environment().get_template("screen.html.j2")
    return template.render(frame=frame, screen=screen, reader=frame.reader)


def region(blocks: Iterable[PageBlock], reader: PageReader) -> str:
    """Blocks alone, for a live region; their forms get token and request in the browser."""
    template = environment().get_template("region.html.j2")
    return template.render(frame=None, blocks=tuple(blocks), reader=reader)
