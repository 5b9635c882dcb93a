"""`python -m bot sandbox` as a visitor starts and stops it: one Ctrl-C, and nothing is left."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from bot.local import running

pytestmark = pytest.mark.process
START_SECONDS = 60
STOP_SECONDS = 30
API_GUIDE = Path("docs/api/README.md")
ADA = {"team": "T0HOME", "user": "U0ADA"}
FILES = {
    "first_call.txt": "Mara: Welcome, Noel.\nNoel: We will send the offer by Friday.\n",
    "second_call.vtt": "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Mara>Shall we begin?\n",
    "third_call.srt": "1\n00:00:01,000 --> 00:00:04,000\nMara: I will call Noel tomorrow.\n",
    "fourth_call.json": json.dumps(
        {
            "title": "Fourth call",
            "transcript": [
                {
                    "speaker": {"display_name": "Mara", "matched_calendar_invitee_email": None},
                    "text": "The price is 900 euros.",
                    "timestamp": "00:00:05",
                }
            ],
        }
    ),
}


class Launched:
    """The command as a process, what it printed, and the URL in it."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "sandbox", *arguments],
            env={"PATH": os.environ["PATH"], "SEGUITO_HOME": str(home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""
        self.family: list[psutil.Process] = []

    def await_ready(self) -> str:
        """The panel's URL, once it is printed."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if "Ctrl-C" in line:
                break
        self.family = psutil.Process(self.process.pid).children(recursive=True)
        return self.said.partition("ready: ")[2].split()[0]

    def told(self, name: str) -> str:
        """What a line of the form NAME=… says, which a shell takes as it is."""
        return next(
            value
            for line in self.said.splitlines()
            for told, _, value in [line.partition("=")]
            if told == name
        )

    def end(self, number: signal.Signals) -> int:
        """Send a signal; the exit code, and whatever was printed until then."""
        self.process.send_signal(number)
        self.said += self.process.communicate(timeout=STOP_SECONDS)[0]
        return self.process.returncode


Launch = Callable[..., Launched]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A SEGUITO_HOME which the database server's account can reach."""
    folder = Path(tempfile.mkdtemp(prefix="seguito-launcher-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def launch(home: Path) -> Iterator[Launch]:
    """Starts the command; whatever a test leaves running is ended."""
    started: list[Launched] = []

    def start(*arguments: str) -> Launched:
        started.append(Launched(home, *arguments))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.end(signal.SIGTERM)


def gone(family: list[psutil.Process]) -> bool:
    """Whether all of them end soon."""
    _, alive = psutil.wait_procs(family, timeout=STOP_SECONDS)
    return not alive


def plans(api: str, key: str) -> int:
    """The status of a request that needs an admin key."""
    headers = {"X-Admin-Key": key}
    return httpx.get(f"{api}/api/plans", headers=headers, trust_env=False).status_code


def admin_key(home: Path, name: str) -> subprocess.CompletedProcess[str]:
    """The command beside a running sandbox, without any other setting."""
    return subprocess.run(
        [sys.executable, "-m", "bot", "admin-key", name],
        env={"PATH": os.environ["PATH"], "SEGUITO_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )


def post(url: str, gesture: str, **fields: object) -> dict[str, Any]:
    """A gesture of Ada's in the panel."""
    answer = httpx.post(f"{url}/panel/api/{gesture}", json={**ADA, **fields}, trust_env=False)
    return dict(answer.json())


def picker(url: str) -> str:
    """`/followup`, and all that its modal says once the meetings are there."""
    return modals(url, "/followup", "followups.pick")


def modals(url: str, command: str, awaited: str) -> str:
    """The open modals after a command, as JSON, once the awaited words are in them."""
    answer = post(url, "command", channel="C0GENERAL", text=command)
    assert answer["ok"], answer
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        client = httpx.get(f"{url}/panel/api/client", params=ADA, trust_env=False).json()
        shown = json.dumps(client["modals"], ensure_ascii=False)
        if f'"{awaited}"' in shown:
            return shown
        time.sleep(0.1)
    raise AssertionError(f"{awaited} was not shown")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_panel_is_printed_and_one_signal_stops_it_all(
    number: signal.Signals, launch: Launch
) -> None:
    launched = launch("--port", "0")
    url = launched.await_ready()
    assert httpx.get(f"{url}/health", trust_env=False).json()["status"] == "ok"
    assert len(launched.family) >= 3

    assert launched.end(number) == 0
    assert gone(launched.family)
    assert "Traceback" not in launched.said


def test_the_printed_key_and_one_of_ones_own_are_taken_at_the_printed_address(
    launch: Launch, home: Path
) -> None:
    launched = launch("--port", "0")
    launched.await_ready()
    api = launched.told("HOST")
    assert plans(api, launched.told("ADMIN_KEY")) == 200

    made = admin_key(home, "Ada's laptop")
    assert (made.returncode, plans(api, made.stdout.strip())) == (0, 200), made.stderr
    assert api in made.stderr
    # No second database server was made for it.
    assert [folder.name for folder in home.iterdir()] == ["sandbox"]

    used = set(re.findall(r"\$([A-Z_]+)", API_GUIDE.read_text("utf-8")))
    assert used == {"HOST", "ADMIN_KEY", "KEY", "USER_ID", "TOKEN"}


def test_a_sandbox_that_was_killed_is_not_found(launch: Launch, home: Path) -> None:
    launched = launch("--port", "0")
    launched.await_ready()
    assert running.find(home) is not None
    launched.end(signal.SIGKILL)
    assert gone(launched.family)
    assert running.find(home) is None


if sys.platform == "linux":  # Only Linux tells children of a parent's death: no promise elsewhere.

    def test_kill_dash_nine_leaves_no_process_either(launch: Launch) -> None:
        launched = launch("--port", "0")
        launched.await_ready()
        launched.end(signal.SIGKILL)
        assert gone(launched.family)


def test_a_busy_port_moves_to_another(launch: Launch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        url = launch("--port", str(port)).await_ready()
        assert not url.endswith(f":{port}")
        assert httpx.get(f"{url}/health", trust_env=False).status_code == 200


def test_a_new_start_is_a_new_world_that_remembers_nothing(launch: Launch) -> None:
    first = launch("--port", "0")
    url = first.await_ready()
    shown = modals(url, "/seguito connections", "connections.disconnect")
    where = {"type": "view", "view_id": json.loads(shown)[0]["id"]}
    disconnect = {"block_id": "connections.fathom", "action_id": "connections.disconnect"}
    button = {"type": "button", "value": "fathom"}
    assert post(url, "action", container=where, element=button, state={}, **disconnect)["ok"]
    first.end(signal.SIGTERM)

    assert "Hartwell" in picker(launch("--port", "0").await_ready())


def test_own_transcripts_of_every_kind_are_the_newest_meetings(
    launch: Launch, tmp_path: Path
) -> None:
    arguments = ["--port", "0"]
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
        arguments += ["--meeting", str(tmp_path / name)]
    blocks = json.loads(picker(launch(*arguments).await_ready()))[0]["blocks"]
    rows = [one for one in blocks if one.get("block_id", "").startswith("followups.pick@")]
    titles = ["first call", "second call", "third call", "fourth call"]
    found = [title in row["text"]["text"].lower() for title, row in zip(titles, rows, strict=False)]
    assert found == [True] * 4, rows
    assert len(rows) > len(titles)


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("call.docx", "%PDF", "“call.docx” is a kind of document I cannot read. Save it as KINDS."),
        (
            *("call.txt", "nobody here"),
            "“call.txt” does not say who speaks, so I cannot use it. Export the transcript with"
            " names, or write each line as “Speaker: text”.",
        ),
        ("missing.txt", None, "missing.txt: it cannot be read (No such file or directory)."),
    ],
)
def test_a_file_that_is_no_transcript_ends_it_with_one_sentence(
    name: str, text: str | None, sentence: str, launch: Launch, tmp_path: Path
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, "utf-8")
    launched = launch("--port", "0", "--meeting", str(tmp_path / name))
    said, _ = launched.process.communicate(timeout=START_SECONDS)
    assert launched.process.returncode == 2
    assert said.strip() == sentence.replace("KINDS", "VTT, SRT, TXT, DOCX")


def test_in_socket_mode_the_command_works_as_well(launch: Launch) -> None:
    assert "Hartwell" in picker(launch("--port", "0", "--socket").await_ready())
