"""Signing in, and the page that keeps what was typed when a session was over."""

from dataclasses import dataclass

from services.errors import DomainError
from views.dashboard.kit.fields import NOTHING_TYPED, Field, FormInput
from views.dashboard.kit.frame import Frame
from views.dashboard.kit.render import environment
from views.words.dashboard import frame as words
from views.words.dashboard import sign_in as say

NAME, PASSWORD, NEXT = "name", "password", "next"


@dataclass(frozen=True, slots=True)
class SignInWish:
    """What the page is opened for: the page that is wanted, and whether it wants a fresh one."""

    next_path: str
    slack_href: str = ""
    again: bool = False
    signed_out: bool = False


def sign_in(
    frame: Frame,
    wish: SignInWish,
    typed: FormInput = NOTHING_TYPED,
    error: DomainError | None = None,
) -> str:
    """Both ways in; a refusal is told in one sentence, and the name stays."""
    reader = frame.reader
    fields = (
        Field(NAME, reader(say.NAME), required=True, most=60, autocomplete="username"),
        Field(PASSWORD, reader(say.PASSWORD), "password", required=True, most=200,
              autocomplete="current-password"),
    )  # fmt: skip
    return environment().get_template("sign_in.html.j2").render(
        reader=reader,
        theme=frame.theme,
        files=frame.files,
        frame=frame,
        say=say,
        fields=fields,
        typed=typed,
        next_path=wish.next_path,
        slack_href=wish.slack_href,
        again=wish.again,
        notice=reader(say.SIGNED_OUT) if wish.signed_out else "",
        sentence=error.sentence(reader.language) if error else "",
    )  # fmt: skip


def kept(frame: Frame, again_at: str, typed: FormInput, sign_in_href: str = "") -> str:
    """What was typed, to be sent again: with `sign_in_href` after signing in in another tab."""
    sentence = words.SESSION_OVER if sign_in_href else words.TOO_OLD
    return _alone(frame, sentence(frame.reader.language), again_at, typed, sign_in_href)


def refused(frame: Frame, sentence: str) -> str:
    """Nothing was done, and nothing of it is offered again."""
    return _alone(frame, sentence, "", NOTHING_TYPED, "")


def _alone(frame: Frame, sentence: str, again_at: str, typed: FormInput, sign_in_href: str) -> str:
    shown = [
        (name, value)
        for name, value in typed.items()
        if not name.startswith("_") and name != PASSWORD
    ]
    return environment().get_template("kept.html.j2").render(
        reader=frame.reader,
        theme=frame.theme,
        files=frame.files,
        frame=frame,
        say=say,
        sentence=sentence,
        again_at=again_at,
        kept=shown,
        token=frame.token,
        request=frame.request,
        sign_in_href=sign_in_href,
    )  # fmt: skip
