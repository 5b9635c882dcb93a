"""Takes the pictures of the dashboard in docs/images/dashboard; run it when the looks changed.

.venv/bin/python tests/chromium.py .venv/bin/python -m tests.browser.take_dashboard_pictures

With a folder as argument every page goes there instead, at desk and phone width, light and dark.
"""

import asyncio
import base64
import os
import re
import sys
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright, expect

from tests.browser.take_screenshots import IMAGES, PATIENCE_MS, sandbox

SIZES = {"desk": (1280, 860), "phone": (360, 740)}
SCHEMES = ("light", "dark")
CSV = (
    b"email,plan,months\nmarta@hartwell.example,agency,12\nnobody,pro,3\nbruno@loom.example,pro,6\n"
)
FIXED = (
    *("", "customers", "customers/new", "licenses", "licenses/new", "licenses/bulk", "usage"),
    *("users", "users/new", "tenants", "tenants/new", "rollouts", "rollouts/new", "billing"),
    *("plans", "followups", "audit", "settings", "sign-in?again=1"),
)
# What the guide shows a second time as a phone does.
ON_A_PHONE = ("overview", "license", "rollout")
# A browser makes WebP of a picture: a third of a PNG's bytes, and nothing to install.
TO_WEBP = """async (png) => {
    const picture = await createImageBitmap(await (await fetch(png)).blob());
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    canvas.getContext("2d").drawImage(picture, 0, 0);
    const blob = await canvas.convertToBlob({ type: "image/webp", quality: 0.86 });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    return btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join(""));
}"""
LONGEST = 1_500


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


async def work(page: Page, home: str) -> dict[str, str]:
    """An admin's morning: the addresses of what came of it, by a name."""
    found = {"import": await imports(page, home)}
    await page.goto(f"{home}/admin/licenses")
    await page.locator("tbody a").first.click()
    await page.get_by_role("link", name="Suspend").click()
    await page.get_by_label("Reason").fill("Invoice 2041 is open")
    await page.get_by_role("button", name="Suspend").click()
    found["license"] = page.url
    await page.goto(f"{home}/admin/customers")
    await page.locator("tbody a").nth(4).click()
    found["customer"] = page.url
    await page.goto(f"{home}/admin/users/new")
    await page.get_by_label("E-mail").fill("olga@room.example")
    await page.get_by_role("button", name="Create and provision").click()
    await expect(page.locator(".live")).to_contain_text("Finished")
    found["user"] = page.url
    for company in ("Hopper & Sons", "Lovelace Legal", "Noether Design"):
        found["tenant"] = await tenant(page, home, company)
    return {**found, **await rollouts(page, home)}


async def imports(page: Page, home: str) -> str:
    """A CSV with a bad line."""
    await page.goto(f"{home}/admin/licenses/bulk")
    file = {"name": "orders.csv", "mimeType": "text/csv", "buffer": CSV}
    await page.get_by_label("CSV file").set_input_files(file)  # type: ignore[arg-type]  # a dict
    await page.get_by_role("button", name="Issue the good lines").click()
    await expect(page.locator(".live")).to_contain_text("Finished")
    return page.url


async def tenant(page: Page, home: str, company: str) -> str:
    """A company with a database."""
    await page.goto(f"{home}/admin/tenants/new")
    await page.get_by_label("Company").fill(company)
    await page.get_by_label("Administrator’s e-mail").fill(f"{company[:5].lower()}@client.example")
    await page.get_by_role("button", name="Create").click()
    await expect(page.locator(".live")).to_contain_text("Finished", timeout=120_000)
    return page.url


async def rollouts(page: Page, home: str) -> dict[str, str]:
    """One that waits for a second admin, one whose first tenant is watched."""
    found: dict[str, str] = {}
    for name, version, sql in (
        ("rollout-check", "0043_forget_notes", "DROP TABLE IF EXISTS notes;"),
        ("rollout", "0042_add_notes", "CREATE TABLE notes (id int PRIMARY KEY, note text);"),
    ):
        await page.goto(f"{home}/admin/rollouts/new")
        await page.get_by_label("Version").fill(version)
        await page.get_by_label("SQL", exact=True).fill(sql)
        if name == "rollout":
            await page.get_by_label("SQL of the way back").fill("DROP TABLE notes;")
        await page.get_by_role("button", name="Check it").click()
        await expect(page.locator(".live")).to_contain_text("Tried on a copy", timeout=120_000)
        found[name] = page.url
    await page.get_by_role("link", name="Start…").click()
    await page.get_by_label(re.compile("^Type")).fill("0042_add_notes")
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(page.locator(".live")).to_contain_text("watched until", timeout=120_000)
    return found


def every(home: str, found: dict[str, str]) -> dict[str, str]:
    """Each page's address by a name."""
    named = {path.partition("?")[0].replace("/", "-") or "overview": path for path in FIXED}
    fixed = {name: f"{home}/admin/{path}".rstrip("/") for name, path in named.items()}
    return {**fixed, **found}


async def main(folder: str) -> None:
    """Take them all."""
    with sandbox() as url:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=os.environ["CHROMIUM"])
            page = await enter(browser, url, "light", SIZES["desk"])
            home = page.url.partition("/admin")[0]
            pages = every(home, await work(page, home))
            if folder:
                await look(browser, url, Path(folder), pages)
            else:
                await show(browser, url, pages)
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


async def show(browser: Browser, url: str, pages: dict[str, str]) -> None:
    """What the guide shows, in the light; the overview in the dark, too."""
    studio = await (await browser.new_context()).new_page()
    desk = await enter(browser, url, "light", SIZES["desk"])
    phone = await enter(browser, url, "light", SIZES["phone"])
    dark = await enter(browser, url, "dark", SIZES["desk"])
    wanted = [(desk, name, name) for name in pages]
    wanted += [(phone, name, f"{name}-phone") for name in ON_A_PHONE]
    for page, name, called in [*wanted, (dark, "overview", "overview-dark")]:
        await page.goto(pages[name])
        await page.evaluate("() => document.fonts.ready")
        size = page.viewport_size
        assert size is not None
        tall = await page.evaluate("document.documentElement.scrollHeight")
        cut = {"x": 0, "y": 0, "width": size["width"], "height": min(tall, LONGEST)}
        png = await page.screenshot(full_page=True, clip=cut, animations="disabled")  # type: ignore[arg-type]  # a dict
        data = f"data:image/png;base64,{base64.b64encode(png).decode()}"
        webp = base64.b64decode(await studio.evaluate(TO_WEBP, data))
        (IMAGES / "dashboard" / f"{called}.webp").write_bytes(webp)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else ""))
