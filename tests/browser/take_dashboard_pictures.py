"""Takes the pictures of the dashboard in docs/images; run it when the looks changed.

.venv/bin/python tests/chromium.py .venv/bin/python -m tests.browser.take_dashboard_pictures

With a folder as argument every page goes there, at desk and phone width, light and dark.
"""

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright, expect

from tests.browser.take_screenshots import IMAGES, PATIENCE_MS, sandbox

SIZES = {"desk": (1280, 860), "phone": (360, 740)}
SCHEMES = ("light", "dark")
CSV = (
    b"email,plan,months\nmarta@hartwell.example,agency,12\nnobody,pro,3\nbruno@loom.example,pro,6\n"
)
SHOWN = {
    "dashboard-licenses": "/admin/licenses",
    "dashboard-user": "",
    "dashboard-audit": "/admin/audit",
}


async def enter(browser: Browser, url: str, scheme: str, size: tuple[int, int]) -> Page:
    """The dashboard as the panel opens it."""
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme
    )
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    await page.goto(f"{url}/panel/dashboard?team=T0HOME&user=U0ADA")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page


async def work(page: Page, home: str) -> tuple[str, str, str]:
    """An admin's morning; a user's, a license's and a file's page."""
    await page.goto(f"{home}/admin/licenses/bulk")
    file = {"name": "orders.csv", "mimeType": "text/csv", "buffer": CSV}
    await page.get_by_label("CSV file").set_input_files(file)
    await page.get_by_role("button", name="Issue the good lines").click()
    await expect(page.locator(".live")).to_contain_text("Finished")
    imported = page.url
    await page.goto(f"{home}/admin/licenses")
    await page.locator("tbody a").first.click()
    await page.get_by_role("link", name="Suspend").click()
    await page.get_by_label("Reason").fill("Invoice 2041 is open")
    await page.get_by_role("button", name="Suspend").click()
    license = page.url
    await page.goto(f"{home}/admin/users/new")
    await page.get_by_label("E-mail").fill("olga@room.example")
    await page.get_by_role("button", name="Create and provision").click()
    await expect(page.locator(".live")).to_contain_text("Finished")
    return page.url, license, imported


def every(user: str, license: str, imported: str, home: str) -> Iterator[tuple[str, str]]:
    """Each page by a name."""
    fixed = ("", "customers", "customers/new", "licenses", "licenses/new", "licenses/bulk")
    more = ("users", "users/new", "audit", "settings", "usage", "followups", "tenants")
    rest = ("rollouts", "billing", "plans", "sign-in?again=1")
    for path in (*fixed, *more, *rest):
        name = path.partition("?")[0].replace("/", "-") or "overview"
        yield name, f"{home}/admin/{path}".rstrip("/")
    yield from (("user", user), ("license", license), ("import", imported))


async def main(folder: str) -> None:
    """Take them all."""
    with sandbox() as url:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=os.environ["CHROMIUM"])
            page = await enter(browser, url, "light", SIZES["desk"])
            home = page.url.partition("/admin")[0]
            user, license, imported = await work(page, home)
            for name, path in SHOWN.items():
                await page.goto(f"{home}{path}" if path else user)
                await page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")
            if folder:
                pages = dict(every(user, license, imported, home))
                await look(browser, url, Path(folder), pages)
            await browser.close()


async def look(browser: Browser, url: str, folder: Path, pages: dict[str, str]) -> None:
    """Every page in every form, for eyes."""
    for form, size in SIZES.items():
        for scheme in SCHEMES:
            page = await enter(browser, url, scheme, size)
            for name, address in pages.items():
                await page.goto(address)
                await page.screenshot(path=folder / f"{name}-{form}-{scheme}.png", full_page=True)
            await page.context.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else ""))
