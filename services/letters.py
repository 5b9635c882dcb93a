"""A draft as an e-mail: plain text and HTML of the same words, signed, and marked as ours."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from jinja2 import Environment, PackageLoader

from integrations.google.client import mark
from services.drafts import Draft, Options

BULLETS = ("- ", "• ", "* ")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (`lines`) or a list (`items`)."""

    lines: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


class Letters:
    """Writes messages; holds the one template."""

    def __init__(self) -> None:
        loader = PackageLoader("services", "templates")
        self._html = Environment(loader=loader, autoescape=True).get_template("mail.html.j2")

    def message(
        self, draft: Draft, options: Options, *, sender: str, signature: str, marker: str
    ) -> EmailMessage:
        """The message for Gmail; by `marker` it is found again (see `Google.find_draft`)."""
        message = EmailMessage(policy=SMTP.clone(max_line_length=998))
        message["From"] = sender
        if options.to:
            message["To"] = ", ".join(options.to)
        if options.cc:
            message["Cc"] = ", ".join(options.cc)
        message["Subject"] = draft.subject
        mark(message, marker)
        closing = f"\n\n{signature}" if signature else ""
        message.set_content(f"{draft.body}{closing}\n", cte="quoted-printable")
        html = self._html.render(blocks=blocks(draft.body), signature=signature.splitlines())
        message.add_alternative(html, subtype="html", cte="quoted-printable")
        return message


def blocks(body: str) -> tuple[Block, ...]:
    """The body's paragraphs and lists; lines of one paragraph stay lines."""
    found: list[Block] = []
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


def _close(found: list[Block], lines: list[str], items: list[str]) -> None:
    if lines:
        found.append(Block(lines=tuple(lines)))
    if items:
        found.append(Block(items=tuple(items)))
    lines.clear()
    items.clear()
