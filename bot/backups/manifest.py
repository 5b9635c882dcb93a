"""What lies beside a dump: of what it is, how many rows, which keys it needs, and its digest."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.backups.programs import BackupFailed

FORMAT = 1
CHUNK = 1024 * 1024


class Manifest(BaseModel):
    """`FILE.json`. Key *ids* only; the keys are kept elsewhere, or a thief has both."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int = FORMAT
    made_at: datetime
    version: str
    postgres: int
    revision: str
    key_ids: tuple[str, ...]
    rows: Mapping[str, int]
    bytes: int
    sha256: str


def beside(file: Path) -> Path:
    """Where the manifest of this dump is."""
    return file.with_name(f"{file.name}.json")


def read_manifest(file: Path) -> Manifest:
    """The manifest of a dump that is whole; raises BackupFailed for a missing or cut one."""
    try:
        manifest = Manifest.model_validate_json(beside(file).read_bytes())
        size = file.stat().st_size
    except OSError as error:
        raise BackupFailed(f"{error.filename}: {error.strerror}. A backup is both files.") from None
    except ValidationError:
        raise BackupFailed(f"{beside(file)} is no manifest of a backup.") from None
    if manifest.format != FORMAT:
        raise BackupFailed(f"{file} was made by another version ({manifest.version}); use that.")
    if size != manifest.bytes or digest_of(file) != manifest.sha256:
        raise BackupFailed(
            f"{file} is not the file that was written: it has {size} of {manifest.bytes} bytes, or "
            "others. Fetch it again."
        )
    return manifest


def digest_of(file: Path) -> str:
    """Its SHA-256 in hexadecimal."""
    found = hashlib.sha256()
    with file.open("rb") as opened:
        while piece := opened.read(CHUNK):
            found.update(piece)
    return found.hexdigest()
