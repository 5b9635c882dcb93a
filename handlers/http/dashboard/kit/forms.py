"""Forms as they are sent by a browser, bounded before they are read."""

from collections import defaultdict
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from handlers.http.kit.endpoints import read_bytes
from handlers.http.kit.problems import Problem
from views.dashboard.kit.fields import FormInput, UploadedFile

URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
MAX_BYTES = 256 * 1024
MOST_FIELDS = 2_000
CHUNK = 64 * 1024
TOO_LARGE = "That is too large. Send less at once."


async def read_form(request: web.Request, limit: int = MAX_BYTES) -> FormInput:
    """What was sent; raises Problem 413 above `limit` bytes, 400 for what is no form."""
    if request.content_type == MULTIPART:
        return await _multipart(request, limit)
    raw = await read_bytes(request, limit=limit)
    try:
        pairs = parse_qsl(
            raw.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, strict_parsing=False
        )
    except ValueError as error:
        raise Problem(400, "bad_request", "This is no form. Send it again.") from error
    return _typed(pairs, {})


async def _multipart(request: web.Request, limit: int) -> FormInput:
    pairs: list[tuple[str, str]] = []
    files: dict[str, UploadedFile] = {}
    left = limit
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or not part.name or len(pairs) > MOST_FIELDS:
            raise Problem(400, "bad_request", "This is no form. Send it again.")
        content = await _content(part, left)
        left -= len(content)
        if part.filename is None:
            pairs.append((part.name, content.decode(errors="replace")))
        elif part.filename:
            files[part.name] = UploadedFile(part.filename, content)
    return _typed(pairs, files)


async def _content(part: BodyPartReader, limit: int) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk(CHUNK):
        content += chunk
        if len(content) > limit:
            raise Problem(413, "too_large", TOO_LARGE)
    return bytes(content)


def _typed(pairs: list[tuple[str, str]], files: dict[str, UploadedFile]) -> FormInput:
    several: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in pairs:
        # PostgreSQL keeps no NUL, and nobody types one.
        several[name].append(value.replace("\0", "").replace("\r\n", "\n").strip())
    return FormInput(
        {name: values[-1] for name, values in several.items()},
        {name: tuple(values) for name, values in several.items()},
        files,
    )
