"""A visit: one request of an admin who is signed in, with the means to answer it."""

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import wraps

from aiohttp import web

from handlers.http.dashboard.kit.desk import DESK, public_site
from handlers.http.dashboard.kit.guard import HOME, form_token, safe_next
from handlers.http.dashboard.kit.headers import HEADERS
from handlers.http.dashboard.kit.notices import carried, carry, forget
from handlers.http.dashboard.kit.tastes import keys_off, spoken, theme
from handlers.http.kit.context import SERVICES
from handlers.http.kit.errors import STATUS
from services import Services
from services.actors import Operator
from services.admins import AdminSession
from services.errors import DomainError
from services.phrases import Phrase
from views.dashboard.kit.addresses import Address
from views.dashboard.kit.blocks import Callout, PageButton, Screen
from views.dashboard.kit.fields import FormInput
from views.dashboard.kit.frame import FlashNotice, Frame, navigation
from views.dashboard.kit.reader import PageReader
from views.dashboard.kit.render import page
from views.words.dashboard import frame as say

Drawn = Callable[[PageReader, FormInput, DomainError | None], Screen]
TOKEN, REQUEST = "_token", "_request"
REQUEST_BYTES = 12


@dataclass(frozen=True, slots=True)
class Visit:
    """`key` is the cookie's text; `typed` what a form sent, empty for a page that is read."""

    request: web.Request
    session: AdminSession
    key: str
    typed: FormInput

    @property
    def services(self) -> Services:
        """The services of this program."""
        return self.request.app[SERVICES]

    @property
    def operator(self) -> Operator:
        """The admin as the audit log names them; a form that is sent twice is one request."""
        return replace(self.session.operator, request=self.request_id)

    @property
    def request_id(self) -> str:
        """The same for the same form with the same values; "" for a page that is read."""
        drawn = self.typed.text(REQUEST)
        if not drawn:
            return ""
        said = sorted((one, value) for one, value in self.typed.items() if one != TOKEN)
        return "dashboard-" + hashlib.sha256(repr(said).encode()).hexdigest()[:40]

    @property
    def reader(self) -> PageReader:
        """Who reads the answer."""
        at = public_site(self.request)
        return PageReader(spoken(self.request), at.clock(), at.zone)

    @property
    def address(self) -> Address:
        """This page's, with its filters."""
        query = {name: value[:200] for name, value in self.request.query.items()}
        return Address(self.request.path, query)

    def part(self, name: str) -> str:
        """What stands in the path at `{name}`."""
        return self.request.match_info[name]

    def asked(self, name: str) -> str:
        """What the address asks for under this name; "" for nothing."""
        return self.address.text(name).replace("\0", "").strip()

    def show(self, screen: Screen, status: int = 200) -> web.Response:
        """The page."""
        notice = carried(self.request, self.key)
        text = page(self._frame(notice), screen)
        response = web.Response(text=text, content_type="text/html", status=status, headers=HEADERS)
        if notice is not None:
            forget(self.request, response)
        return response

    def refused(self, screen: Screen, error: DomainError) -> web.Response:
        """The same form again, with what was typed and why it was not done."""
        return self.show(screen, status_of(error))

    def done(self, path: str, phrase: Phrase, **values: object) -> web.Response:
        """On to another page, which tells once what was done."""
        return self.go_on(path, FlashNotice(phrase(spoken(self.request), **values)))

    def go_on(self, path: str, notice: FlashNotice) -> web.Response:
        """On to another page with this notice."""
        response = web.Response(status=303, headers={**HEADERS, "Location": path})
        carry(self.request, response, self.key, notice)
        return response

    def before(self, otherwise: str) -> str:
        """The page of ours that led here, as the browser says."""
        return _before(self.request, otherwise)

    def problem(self, error: DomainError) -> web.Response:
        """A page that says what did not work, for what no page tells better itself."""
        reader = self.reader
        back = PageButton(reader(say.BACK), href=self.before(HOME))
        sentence = error.sentence(reader.language)
        screen = Screen(reader(say.NOT_POSSIBLE), (Callout("bad", sentence, back),))
        return self.show(screen, status_of(error))

    def _frame(self, notice: FlashNotice | None) -> Frame:
        reader, desk = self.reader, self.request.app[DESK]
        return Frame(
            reader=reader,
            theme=theme(self.request),
            who=self.session.operator.name or self.session.operator.id,
            navigation=navigation(desk.answered, self.request.path, reader),
            files=desk.files,
            token=form_token(self.key),
            request=secrets.token_hex(REQUEST_BYTES),
            notice=notice,
            keys_off=keys_off(self.request),
        )


Answer = Callable[[Visit], Awaitable[web.Response]]


def or_drawn_again(draw: Drawn) -> Callable[[Answer], Answer]:
    """What a form asks for; when it is refused, the form again with what was typed and why."""

    def around(handle: Answer) -> Answer:
        @wraps(handle)
        async def answer(visit: Visit) -> web.Response:
            try:
                return await handle(visit)
            except DomainError as error:
                return visit.refused(draw(visit.reader, visit.typed, error), error)

        return answer

    return around


def status_of(error: DomainError) -> int:
    """As the API answers it."""
    return next((STATUS[one] for one in type(error).__mro__ if one in STATUS), 400)


def stranger_frame(request: web.Request, key: str = "") -> Frame:
    """Around a page that needs no session."""
    at = public_site(request)
    return Frame(
        reader=PageReader(spoken(request), at.clock(), at.zone),
        theme=theme(request),
        who="",
        navigation=(),
        files=request.app[DESK].files,
        token=form_token(key) if key else "",
        request=secrets.token_hex(REQUEST_BYTES),
        keys_off=keys_off(request),
    )


def _before(request: web.Request, otherwise: str) -> str:
    origin, referer = public_site(request).origin, request.headers.get("Referer", "")
    wanted = referer.removeprefix(origin)
    return wanted if referer.startswith(origin) and safe_next(wanted) == wanted else otherwise
