"""Room is a page of the sandbox's own origin that knows where the product is."""

from tests.sandbox.outside_stage import Outside


async def test_its_page_and_files_are_served(world: Outside) -> None:
    page = await world.http.get("/room")
    assert "text/html" in page.headers["content-type"]
    for name in ("room.js", "room.css", "api.js", "session.js", "words.js", "icon.svg"):
        assert (await world.http.get(f"/room/page/{name}")).status_code == 200, name
    # A content policy without inline scripts would have nothing to say about it.
    assert "<script>" not in page.text


async def test_it_calls_the_product_from_origins_that_the_product_is_told(world: Outside) -> None:
    config = (await world.http.get("/room/config")).json()
    assert config == {"api": "http://127.0.0.1:3000/core/v1"}
    own, other = world.env["CORS_ORIGINS"].split(",")
    assert own == world.url
    assert other == world.url.replace("127.0.0.1", "localhost")
