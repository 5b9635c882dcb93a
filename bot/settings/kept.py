"""Secrets of a machine where none are set: made once, and kept in files for us alone."""

import base64
import secrets
from contextlib import suppress
from pathlib import Path

SECRET_BYTES = 32


def generated_keys(home: Path) -> str:
    """The keys of a machine without ENCRYPTION_KEYS, made once and kept for us alone."""
    return kept_secret(home / "encryption-keys", prefix="local:")


def kept_secret(path: Path, *, prefix: str = "") -> str:
    """A secret of 32 random bytes in base64, made once and kept in this file for us alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        text = prefix + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
        # Whole or not at all, and the first of several processes decides.
        ours = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        ours.touch(mode=0o600)
        ours.write_text(text)
        with suppress(FileExistsError):
            path.hardlink_to(ours)
        ours.unlink()
    return path.read_text().strip()
