"""Packages of npm's as their users have them: installed once, from a lock file, and run."""

import asyncio
import shutil
from pathlib import Path

INSTALL_SECONDS = 120
HOME = Path(__file__).parents[2] / ".seguito"


async def run_node(folder: Path, *arguments: str) -> str:
    """What `client.mjs` of this folder prints, beside the packages its lock file names."""
    where = HOME / folder.name.replace("_", "-")
    if not _is_installed(folder, where):
        where.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(folder / name, where)
        async with asyncio.timeout(INSTALL_SECONDS):
            await _run(where, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    # Packages are looked for beside the program.
    shutil.copy(folder / "client.mjs", where)
    return await _run(where, "node", "client.mjs", *arguments)


def _is_installed(folder: Path, where: Path) -> bool:
    lock = where / "package-lock.json"
    wanted = (folder / lock.name).read_bytes()
    return (where / "node_modules").exists() and lock.read_bytes() == wanted


async def _run(where: Path, *command: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, cwd=where, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, complaint = await process.communicate()
    assert process.returncode == 0, complaint.decode()
    return out.decode()
