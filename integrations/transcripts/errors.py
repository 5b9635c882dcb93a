"""Why a file is no transcript, as codes that callers have sentences for."""

EMPTY = "empty"
TOO_LARGE = "too_large"
WEB_PAGE = "web_page"
PICTURE = "picture"
SOUND = "sound"
SPREADSHEET = "spreadsheet"
OTHER_DOCUMENT = "other_document"
BROKEN = "broken"
NO_LINES = "no_lines"
REASONS = (
    *(EMPTY, TOO_LARGE, WEB_PAGE, PICTURE, SOUND, SPREADSHEET, OTHER_DOCUMENT),
    *(BROKEN, NO_LINES),
)


class Unreadable(Exception):
    """The file is not read; `reason` is one of REASONS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
