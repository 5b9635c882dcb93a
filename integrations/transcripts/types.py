"""What a file told of a meeting."""

from dataclasses import dataclass

# Whoever speaks where a file does not say who.
UNNAMED = "Speaker"
# A warning: some lines, or all, are UNNAMED's.
UNNAMED_LINES = "unnamed_lines"


@dataclass(frozen=True, slots=True)
class FileLine:
    """Something somebody said; `start` in seconds from the beginning, None where nothing says it.

    `email` is the speaker's own, "" where the file has none.
    """

    speaker: str
    text: str
    start: float | None = None
    email: str = ""


@dataclass(frozen=True, slots=True)
class FileGuest:
    """Somebody whom the file calls invited; name or address may be empty."""

    name: str
    email: str
    is_external: bool


@dataclass(frozen=True, slots=True)
class FileTranscript:
    """All lines in the file's order; `format` is one of vtt, srt, text, docx, json.

    `title` and `guests` are what the file itself says, empty for most formats.
    """

    lines: tuple[FileLine, ...]
    format: str
    warnings: tuple[str, ...] = ()
    title: str = ""
    guests: tuple[FileGuest, ...] = ()

    @property
    def speakers(self) -> tuple[str, ...]:
        """Everybody who speaks, by how much they say, the most first."""
        said: dict[str, int] = {}
        for line in self.lines:
            said[line.speaker] = said.get(line.speaker, 0) + len(line.text)
        return tuple(sorted(said, key=lambda name: -said[name]))
