"""Other gateways beside ours, each from an environment of its own: Portkey and LiteLLM."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.slack_ack import free_port, pin, running, wait_for

SERVER_CORE = 0
LITELLM_KEY = "sk-master-bench"


@dataclass(frozen=True)
class Target:
    """A gateway under load; `options` are the load tool's for it alone."""

    name: str
    url: str
    pid: int
    options: tuple[str, ...] = ()


@contextmanager
def portkey(program: Path, upstream: str) -> Iterator[Target]:
    """Portkey's gateway, from a folder of its own."""
    port = free_port()
    serve = ["node", "build/start-server.js", f"--port={port}", "--headless"]
    given = {"NODE_ENV": "production", "TRUSTED_CUSTOM_HOSTS": "127.0.0.1"}
    with running(serve, program, given) as pid:
        wait_for(f"http://127.0.0.1:{port}/")
        pin(pid, SERVER_CORE)
        headers = (
            *("-H", "portkey:x-portkey-provider: openai"),
            *("-H", f"portkey:x-portkey-custom-host: {upstream}/v1"),
            *("-H", "portkey:Authorization: Bearer sk-upstream"),
        )
        yield Target("portkey", f"http://127.0.0.1:{port}/v1/chat/completions", pid, headers)


@contextmanager
def litellm(program: Path, folder: Path, tools: Path, upstream_port: int) -> Iterator[Target]:
    """LiteLLM's proxy with one worker, from an environment of its own."""
    port, settings = free_port(), folder / "litellm.yaml"
    sys.path.insert(0, str(tools))
    peers: Any = importlib.import_module("run_peers")
    settings.write_text(peers.YAML % {"port": upstream_port})
    given = {
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_LOG": "ERROR",
        "LITELLM_MODE": "PRODUCTION",
    }
    serve = [str(program), "--config", str(settings), "--host", "127.0.0.1"]
    serve += ["--port", str(port), "--num_workers", "1", "--telemetry", "False"]
    with running(serve, folder, given) as pid:
        wait_for(f"http://127.0.0.1:{port}/health/liveliness")
        pin(pid, SERVER_CORE)
        header = ("-H", f"litellm:Authorization: Bearer {LITELLM_KEY}")
        yield Target("litellm", f"http://127.0.0.1:{port}/v1/chat/completions", pid, header)
