"""Domains are read strictly, so that one site is one place however it writes itself."""

import pytest

from services.errors import Invalid
from services.licensing.domains import Domain


@pytest.mark.parametrize(
    ("text", "host", "registrable"),
    [
        ("shop.example", "shop.example", "shop.example"),
        ("  HTTPS://WWW.Shop.Example:8443/cart?x=1#top ", "shop.example", "shop.example"),
        ("shop.example.", "shop.example", "shop.example"),
        ("//www.shop.example".removeprefix("//"), "shop.example", "shop.example"),
        ("blog.shop.co.uk", "blog.shop.co.uk", "shop.co.uk"),
        ("www.shop.co.uk/wp-admin", "shop.co.uk", "shop.co.uk"),
        ("www.com", "www.com", "www.com"),
        ("Bücher.example", "xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("caffè.it", "xn--caff-8oa.it", "xn--caff-8oa.it"),
        ("me.github.io", "me.github.io", "me.github.io"),
        ("//shop.example", "shop.example", "shop.example"),
        ("https://nora:pw@shop.example/", "shop.example", "shop.example"),
        ("\u200bshop.example\u00a0", "shop.example", "shop.example"),
        ("shop.example:/", "shop.example", "shop.example"),
        ("bücher。example", "xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("Straße.example", "xn--strae-oqa.example", "xn--strae-oqa.example"),
        ("i❤.ws", "xn--i-7iq.ws", "xn--i-7iq.ws"),
        ("i❤\ufe0f.ws", "xn--i-7iq.ws", "xn--i-7iq.ws"),
        ("xn--i-7iq.ws", "xn--i-7iq.ws", "xn--i-7iq.ws"),
        ("xn--a.example", "xn--a.example", "xn--a.example"),
        ("نامه\u200cای.example", "xn--mgba3gch31f060k.example", "xn--mgba3gch31f060k.example"),
    ],
)
def test_a_site_is_the_same_however_it_is_written(text: str, host: str, registrable: str) -> None:
    assert Domain.read(text) == Domain(host, registrable)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "localhost",
            "http://localhost:8080/wp",
            "127.0.0.1",
            "127.8.8.8:80",
            "[::1]:3000",
        ),
        *(
            "192.168.1.5",
            "10.0.0.1",
            "shop.local",
            "shop.test",
            "my.shop.localhost",
            "nas.home.arpa",
        ),
        *("http://wordpress", "wordpress:8080", "mysite.loc", "mysite.docker", "a.localdomain"),
        *("shop.wpengine.com", "shop.kinsta.cloud", "shop.ddev.site", "abc.ngrok-free.app"),
        *("a.mystagingwebsite.com", "a.stackstaging.com", "a.azurewebsites.net"),
    ],
)
def test_a_developers_machine_and_a_place_for_copies_are_free(text: str) -> None:
    assert Domain.read(text).free


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("staging.shop.example", "shop.example"),
        ("www.staging.shop.example", "shop.example"),
        ("dev.www.shop.example", "shop.example"),
        ("staging2.shop.example", "shop.example"),
        ("dev-1.shop.example", "shop.example"),
        ("staging-blog.shop.example", "blog.shop.example"),
        ("blog-2-staging.shop.example", "blog-2.shop.example"),
        ("blog.test.shop.example", "blog.shop.example"),
    ],
)
def test_a_staging_copy_belongs_to_its_site_and_is_free_nowhere_else(text: str, site: str) -> None:
    copy = Domain.read(text)
    assert (copy.site, copy.free) == (site, False)
    assert copy.copies("shop.example")
    assert not copy.copies("other.example")


@pytest.mark.parametrize(
    "text",
    ["shop.example", "blog.shop.example", "devblog.shop.example", "xn--dev-bcher-x.shop.example"],
)
def test_a_live_site_is_no_copy(text: str) -> None:
    assert Domain.read(text).copy_of == ""


@pytest.mark.parametrize("text", ["devshop.example", "shop.example", "wpengine.com", "dev.example"])
def test_a_name_that_only_looks_like_staging_is_not_free(text: str) -> None:
    assert not Domain.read(text).free


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            ".",
            "com",
            "co.uk",
            "http://",
            "https://nora@other.example@shop.example",
            "8.8.8.8",
            "8.8.8",
            "0x7f.1",
            "2130706433",
            "a b.example",
            "shop..example",
            "-a.example",
        ),
        *("shop.example\r\nX-Evil: 1", "shop.example\n", "a\0.example", "user:pw@shop.example"),
        *(
            "javascript:alert(1)",
            "shop.example\\evil.example",
            "[zz]",
            "<b>.example",
        ),
        *("a" * 64 + ".example", "a." * 200 + "example", "ä" * 1_000_000, "shop.example," * 2),
    ],
)
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        Domain.read(text)
    assert refused.value.field == "domain"


def test_a_subdomain_lies_within_its_domain_and_a_namesake_does_not() -> None:
    assert Domain.read("blog.shop.example").within("shop.example")
    assert Domain.read("shop.example").within("shop.example")
    assert not Domain.read("myshop.example").within("shop.example")
