"""Files people upload into a modal's file_input, and the address the app downloads them from."""

import itertools
import mimetypes
import time
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import quote

from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.errors import Impossible

LARGEST = 10 * 1024 * 1024  # bytes; docs.slack.dev, file input element
PATH = "/slack/files-pri"


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded file; `base_url` is the sandbox's own, without a slash at the end."""

    id: str
    team: str
    user: str
    name: str
    created: int
    base_url: str
    content: bytes = field(repr=False)
    # Another service's, which Slack only links to (files.remote.*).
    link: str = ""

    @property
    def filetype(self) -> str:
        """The extension in lower case, "binary" without one."""
        return PurePosixPath(self.name).suffix.lstrip(".").lower() or "binary"

    @property
    def mimetype(self) -> str:
        """By its name, as Slack guesses it."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    def as_json(self) -> Json:
        """The file object of files.info and of a view's state."""
        if self.link:
            return self._linked()
        place = f"{self.base_url}{PATH}/{self.team}-{self.id}"
        name = quote(self.name.lower())
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.name,
            "mimetype": self.mimetype,
            "filetype": self.filetype,
            "pretty_type": self.filetype.upper(),
            "user": self.user,
            "user_team": self.team,
            "editable": False,
            "size": len(self.content),
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": False,
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": f"{place}/{name}",
            "url_private_download": f"{place}/download/{name}",
            "permalink": f"{self.base_url}/slack/files/{self.user}/{self.id}/{name}",
            "shares": {},
            "channels": [],
            "groups": [],
            "ims": [],
            "comments_count": 0,
            "is_starred": False,
            "has_rich_preview": False,
            "file_access": "visible",
        }

    def _linked(self) -> Json:
        """A remote file: no bytes of it are at Slack (docs.slack.dev, remote files)."""
        return {
            "id": self.id,
            "created": self.created,
            "name": self.name,
            "title": self.name,
            "filetype": self.filetype,
            "user": self.user,
            "size": 0,
            "mode": "external",
            "is_external": True,
            "external_type": "gdrive",
            "url_private": self.link,
            "permalink": self.link,
        }


class Uploads:
    """All files of a workspace."""

    def __init__(self, team: str) -> None:
        self._team = team
        self._numbers = itertools.count(1)
        self._files: dict[str, Upload] = {}
        # Where each was posted; what was only put into a form is nowhere.
        self._rooms: dict[str, set[str]] = {}
        self._deleted: set[str] = set()

    def add(self, user: str, name: str, content: bytes, base_url: str) -> Upload:
        """Keep a file, to be fetched below `base_url`. Impossible when no client uploads it."""
        if not content:
            raise Impossible(f"{name} is empty")
        if len(content) > LARGEST:
            raise Impossible(f"{name} is larger than 10 MB")
        file_id = f"F{next(self._numbers):04d}UPLOAD"
        now = int(time.time())
        self._files[file_id] = Upload(file_id, self._team, user, name, now, base_url, content)
        return self._files[file_id]

    def find(self, file_id: str) -> Upload | None:
        """The file with this id."""
        return self._files.get(file_id)

    def link(self, user: str, name: str, url: str) -> Upload:
        """A file of another service, of which Slack has the address only."""
        file_id = f"F{next(self._numbers):04d}UPLOAD"
        upload = Upload(file_id, self._team, user, name, int(time.time()), "", b"", url)
        self._files[file_id] = upload
        return upload

    def post(self, file_id: str, room: str) -> None:
        """It is shown in this conversation."""
        self._rooms.setdefault(file_id, set()).add(room)

    def rooms(self, file_id: str) -> frozenset[str]:
        """The conversations it is shown in."""
        return frozenset(self._rooms.get(file_id, ()))

    def delete(self, file_id: str) -> None:
        """Its owner takes it away; messages keep a tombstone."""
        self._deleted.add(file_id)

    def deleted(self, file_id: str) -> bool:
        """Whether it was taken away."""
        return file_id in self._deleted

    def shown(self, file_id: str) -> Json:
        """The file as a message shows it."""
        if self.deleted(file_id):
            return {"id": file_id, "mode": "tombstone"}
        return self._files[file_id].as_json()

    def owned(self, user: str, file_id: str) -> Upload:
        """The file this person uploaded. Impossible when there is none."""
        upload = self._files.get(file_id)
        if upload is None or upload.user != user:
            raise Impossible(f"{user} has uploaded no file {file_id}")
        return upload
