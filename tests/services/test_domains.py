"""Domains are read strictly, so that one site is one place however it writes itself."""

import pytest

from services.domains import Domain
from services.errors import Invalid


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
        *("staging.shop.example", "dev.shop.example", "www.staging.shop.example"),
        *("shop.wpengine.com", "shop.kinsta.cloud", "shop.ddev.site", "abc.ngrok-free.app"),
    ],
)
def test_a_developers_machine_and_a_staging_copy_are_free(text: str) -> None:
    assert Domain.read(text).free


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
            "word",
            "8.8.8.8",
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
            "xn--a.example",
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
