"""file_input, the files people upload into it, and how an app gets at them (docs.slack.dev)."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from slack_sdk.errors import SlackApiError

from integrations.sandbox.slack.errors import Impossible
from tests.sandbox.slack.slack_stage import (
    HOME,
    SCOPES,
    Stage,
    actions,
    field_of,
    manifest,
    modal,
    stage,
    text_input,
)

CSV = b"email,plan,months\nolga@customer.example,pro,12\n"


@pytest_asyncio.fixture
async def scene() -> AsyncIterator[Stage]:
    document = manifest()
    document["oauth_config"]["scopes"] = {"bot": [*SCOPES, "files:read"]}
    async with stage(document) as started:
        yield started


def csv_input(**more: Any) -> dict[str, Any]:
    element = {"type": "file_input", "action_id": "csv", "filetypes": ["csv"], "max_files": 1}
    return field_of({**element, **more}, "upload")


async def submitted(scene: Stage) -> dict[str, Any]:
    """Ada uploads her list and submits; the file object the app is given."""
    await scene.opened(modal(csv_input()))
    scene.ada.attach("csv", "List of May.csv", CSV)
    await scene.ada.submit()
    state = scene.app.last("view_submission")["view"]["state"]["values"]["upload"]["csv"]
    assert state["type"] == "file_input"
    (file,) = state["files"]
    return dict(file)


async def get(scene: Stage, url: str, token: str = "") -> httpx.Response:
    bearer = {"Authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient(trust_env=False) as http:
        return await http.get(url, headers=bearer)


async def test_the_app_is_told_of_the_file_and_downloads_it(scene: Stage) -> None:
    file = await submitted(scene)
    assert (file["name"], file["size"]) == ("List of May.csv", len(CSV))
    assert (file["filetype"], file["mimetype"], file["user"]) == ("csv", "text/csv", "U0ADA")
    token = scene.slack.teams[HOME].workspace.bot_token
    for name in ("url_private", "url_private_download"):
        reply = await get(scene, file[name], token)
        assert (reply.status_code, reply.content) == (200, CSV)


async def test_without_the_token_a_download_leads_to_a_page_not_to_an_error(scene: Stage) -> None:
    file = await submitted(scene)
    reply = await get(scene, file["url_private_download"])
    assert reply.status_code == 302
    async with httpx.AsyncClient(trust_env=False, follow_redirects=True) as http:
        page = await http.get(file["url_private_download"])
    assert (page.status_code, page.headers["content-type"].split(";")[0]) == (200, "text/html")


async def test_a_token_that_lost_its_scope_reads_nothing(scene: Stage) -> None:
    file = await submitted(scene)
    team = scene.slack.teams[HOME]
    team.scopes.discard("files:read")
    reply = await get(scene, file["url_private"], team.workspace.bot_token)
    assert reply.status_code == 302
    with pytest.raises(SlackApiError) as refused:
        await scene.client().files_info(file=file["id"])
    assert refused.value.response["error"] == "missing_scope"
    assert refused.value.response["needed"] == "files:read"


async def test_files_info_knows_the_file(scene: Stage) -> None:
    file = await submitted(scene)
    known = (await scene.client().files_info(file=file["id"]))["file"]
    assert known == file
    with pytest.raises(SlackApiError) as refused:
        await scene.client().files_info(file="F0NOSUCH")
    assert refused.value.response["error"] == "file_not_found"


async def test_a_view_with_a_file_input_needs_the_scope() -> None:
    async with stage() as scene:
        with pytest.raises(SlackApiError) as refused:
            await scene.opened(modal(csv_input()))
        assert refused.value.response["error"] == "missing_scope"


@pytest.mark.parametrize(
    "blocks",
    [
        [csv_input(max_files=0)],
        [csv_input(max_files=11)],
        [csv_input(filetypes="csv")],
        [csv_input(placeholder={"type": "plain_text", "text": "x"})],
        [actions({"type": "file_input", "action_id": "csv"}), text_input("a")],
    ],
)
async def test_a_wrong_file_input_is_refused(scene: Stage, blocks: list[dict[str, Any]]) -> None:
    with pytest.raises(SlackApiError) as refused:
        await scene.opened(modal(*blocks))
    assert refused.value.response["error"] == "invalid_arguments"


async def test_the_client_takes_neither_other_types_nor_large_nor_empty_files(
    scene: Stage,
) -> None:
    await scene.opened(modal(csv_input()))
    for name, content in [("a.pdf", b"x"), ("a.csv", b""), ("b.csv", b"x" * (10 * 2**20 + 1))]:
        with pytest.raises(Impossible):
            scene.ada.attach("csv", name, content)
    outcome = await scene.ada.submit()
    assert outcome.errors == {"upload": "Please complete this required field."}


async def test_nobody_attaches_the_file_of_somebody_else(scene: Stage) -> None:
    team = scene.slack.teams[HOME]
    theirs = team.uploads.add("U0GIULIA", "a.csv", CSV, scene.url)
    opened = await scene.opened(modal(csv_input()))
    state = {
        "upload": {"csv": {"type": "file_input", "files": [{"id": theirs.id, "name": "a.csv"}]}}
    }
    body = {"team": HOME, "user": "U0ADA", "view_id": opened["id"], "state": state}
    async with httpx.AsyncClient(trust_env=False) as http:
        reply = await http.post(f"{scene.url}/panel/api/submit", json=body)
    assert reply.status_code == 409


async def test_the_panel_uploads_and_submits(scene: Stage) -> None:
    opened = await scene.opened(modal(csv_input()))
    who = {"team": HOME, "user": "U0ADA", "name": "list.csv"}
    async with httpx.AsyncClient(trust_env=False, base_url=scene.url) as http:
        kept = (await http.post("/panel/api/upload", params=who, content=CSV)).json()["file"]
        named = {"id": kept["id"], "name": kept["name"]}
        state = {"upload": {"csv": {"type": "file_input", "files": [named]}}}
        body = {"team": HOME, "user": "U0ADA", "view_id": opened["id"], "state": state}
        reply = await http.post("/panel/api/submit", json=body)
        empty = await http.post("/panel/api/upload", params=who, content=b"")
    assert reply.json()["ok"] is True
    values = scene.app.last("view_submission")["view"]["state"]["values"]
    assert values["upload"]["csv"]["files"] == [kept]
    assert empty.status_code == 409
