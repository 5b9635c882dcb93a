"""The sites of a license as the API tells them."""

from pydantic import BaseModel, Field

from services.licensing import Site
from views.api.kit.wire import timestamp


class SiteAnswer(BaseModel):
    """A domain that holds a place."""

    domain: str
    activated_at: str
    last_seen_at: str = Field(description="Time of the last validation, to a few seconds")
    movable_at: str = Field(description="Earliest time of release")


class SiteList(BaseModel):
    """The license's sites, the oldest first."""

    sites: list[SiteAnswer]


def site_list(sites: tuple[Site, ...]) -> SiteList:
    """All sites of a license."""
    return SiteList(sites=[_site(one) for one in sites])


def _site(site: Site) -> SiteAnswer:
    return SiteAnswer(
        domain=site.domain,
        activated_at=timestamp(site.activated_at),
        last_seen_at=timestamp(site.last_seen_at),
        movable_at=timestamp(site.movable_at),
    )
