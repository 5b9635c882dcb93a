"""A draft as an e-mail: plain text and HTML of the same words, signed, and marked as ours."""

from dataclasses import dataclass
from email.message import EmailMessage

from jinja2 import Environment, PackageLoader

from integrations.google.client import mark
from services.email_address import wire_address
from services.followups.drafts import Draft, Options
from services.mail import add_bodies, new_message

BULLETS = ("- ", "• ", "* ")


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph (`lines`) or a list (`items`)."""

    lines: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


class Letters:
    """Writes messages; holds the one template."""

    def __init__(self) -> None:
        loader = PackageLoader("services.followups", "layouts")
        self._html = Environment(loader=loader, autoescape=True).get_template("mail.html.j2")

    def message(
        self, draft: Draft, options: Options, *, sender: str, signature: str, marker: str
    ) -> EmailMessage:
        """The message for Gmail; by `marker` it is found again (see `Google.find_draft`).

        Raises Invalid when an address cannot be sent to.
        """
        message = new_message()
        message["From"] = wire_address(sender)
        if options.to:
            message["To"] = ", ".join(map(wire_address, options.to))
        if options.cc:
            message["Cc"] = ", ".join(map(wire_address, options.cc))
        message["Subject"] = draft.subject
        mark(message, marker)
        closing = f"\n\n{signature}" if signature else ""
        html = self._html.render(blocks=blocks(draft.body), signature=signature.splitlines())
        add_bodies(message, f"{draft.body}{closing}\n", html)
        return message


def blocks(body: str) -> tuple[Passage, ...]:
    """The body's paragraphs and lists; lines of one paragraph stay lines."""
    found: list[Passage] = []
    for paragraph in body.split("\n\n"):
        lines: list[str] = []
        items: list[str] = []
        for line in filter(str.strip, paragraph.splitlines()):
            if line.lstrip().startswith(BULLETS):
                items.append(line.lstrip()[2:])
                continue
            if items:
                _close(found, lines, items)
            lines.append(line)
        _close(found, lines, items)
    return tuple(found)


def _close(found: list[Passage], lines: list[str], items: list[str]) -> None:
    if lines:
        found.append(Passage(lines=tuple(lines)))
    if items:
        found.append(Passage(items=tuple(items)))
    lines.clear()
    items.clear()
