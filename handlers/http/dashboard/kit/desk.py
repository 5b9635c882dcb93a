"""What the dashboard knows of the program it runs in: its address, its files, its clock."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from handlers.http.dashboard.kit.headers import FILE_HEADERS
from services.ports import Clock
from views.dashboard.kit import frame

STATIC = Path(frame.__file__).parent.parent / "static"
FILES_AT = "/admin/static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
HASH_LETTERS = 12


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class PublicSite:
    """Where people reach us, and the zone of the business, in which every time is shown."""

    base_url: str = "http://localhost"
    zone: tzinfo = UTC
    clock: Clock = _now

    @property
    def origin(self) -> str:
        """What browsers call our address."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def secure(self) -> bool:
        """Whether browsers come by https."""
        return self.base_url.startswith("https://")


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file of views/dashboard/static as it is sent."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Desk:
    """`answered` are the paths of pages that there are; `files` the addresses of static files."""

    answered: frozenset[str]
    files: Mapping[str, str]
    contents: Mapping[str, StaticFile]


PUBLIC_SITE: web.AppKey[PublicSite] = web.AppKey("public_site", PublicSite)
DESK: web.AppKey[Desk] = web.AppKey("dashboard", Desk)


def public_site(request: web.Request) -> PublicSite:
    """Of the program that serves this request."""
    return request.app.get(PUBLIC_SITE) or PublicSite()


def build_desk(answered: frozenset[str]) -> Desk:
    """Reads the files once; each is named by its content."""
    files, contents = {}, {}
    for path in sorted(STATIC.iterdir()):
        content = path.read_bytes()
        mark = hashlib.sha256(content).hexdigest()[:HASH_LETTERS]
        name = f"{path.stem}.{mark}{path.suffix}"
        files[path.name] = f"{FILES_AT}/{name}"
        contents[name] = StaticFile(content, TYPES[path.suffix])
    return Desk(answered, files, contents)


async def static(request: web.Request) -> web.Response:
    """One file, for as long as anybody likes."""
    found = request.app[DESK].contents.get(request.match_info["name"])
    if found is None:
        raise web.HTTPNotFound
    return web.Response(
        body=found.content, content_type=found.media_type, charset="utf-8", headers=FILE_HEADERS
    )
