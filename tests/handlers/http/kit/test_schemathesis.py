"""Machine-made requests from the API's own document: no 500, and no answer it does not tell of."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from db.store.session import Database
from tests.handlers.http.conftest import Api, serving
from tests.kit.wired import ADMIN_KEY

pytestmark = pytest.mark.process

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "unsupported_method",
)
PROVIDERS = ("ANTHROPIC_", "OPENAI_", "DEEPSEEK_")
EXAMPLES = 12
MINUTES = 15


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api(jobs_database: Database, environment: dict[str, str]) -> AsyncIterator[Api]:
    """Beside the sandbox's providers, over a database of its own: it changes what it finds."""
    given = {
        name.lower(): value for name, value in environment.items() if name.startswith(PROVIDERS)
    }
    async with serving(jobs_database, **given) as served:
        yield served


async def test_no_request_ends_in_a_500_or_an_undocumented_answer(api: Api, tmp_path: Path) -> None:
    order = {"email": "machine@example.com", "plan": "pro", "months": 12}
    issued = (await api.post("/api/create_license", order)).json
    document = (await api.get("/api/openapi.json")).json
    with_examples(document, await things(api, issued["license"]))
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(document))
    run = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "run", str(file)),
        *("--url", str(api.client.make_url("/")).rstrip("/")),
        *("--checks", ",".join(CHECKS)),
        *("--phases", "examples,coverage,fuzzing"),
        *("--max-examples", str(EXAMPLES), "--generation-deterministic"),
        "--continue-on-failure",
        *("--header", f"X-Admin-Key: {ADMIN_KEY}"),
        *("--header", f"X-License-Key: {issued['license_key']}"),
        *("--request-timeout", "20", "--warnings", "off", "--no-color"),
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "COLUMNS": "120"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(run.communicate(), MINUTES * 60)
    assert run.returncode == 0, said.decode()[-12_000:]


async def things(api: Api, license: dict[str, Any]) -> dict[str, str]:
    """Something that exists, by the beginning of the path it is found under."""
    spare = await api.post("/api/customer", {"email": "spare@example.com"})
    bulk = await api.post("/api/licenses/bulk", {"csv": "email,plan,months\nb@example.com,pro,1"})
    return {
        "/api/customer/": spare.json["id"],
        "/api/licenses/": license["id"],
        "/api/licenses/bulk/": bulk.json["id"],
        "/api/plans/": "pro",
        "/api/sites/": "shop.example.com",
        "/api/provider-keys/": "openai",
    }


def with_examples(document: dict[str, Any], known: dict[str, str]) -> None:
    """Let requests find what there is, not only what there is not."""
    for path, methods in document["paths"].items():
        found = [name for name in sorted(known, key=len) if path.startswith(name)]
        every = [one for operation in methods.values() for one in operation.get("parameters", ())]
        for parameter in every if found else ():
            if parameter["in"] == "path":
                parameter["example"] = known[found[-1]]
