"""One database URL, whatever way it is written, in the words of each driver."""

from sqlalchemy import URL, make_url


def for_asyncpg(url: str) -> URL:
    """For SQLAlchemy with asyncpg, which says `ssl=` where PostgreSQL says `sslmode=`."""
    return _renamed(make_url(url), "sslmode", "ssl").set(drivername="postgresql+asyncpg")


def for_psycopg(url: str) -> str:
    """For SQLAlchemy with psycopg: the durable engine's own driver."""
    parsed = _renamed(make_url(url), "ssl", "sslmode").set(drivername="postgresql+psycopg")
    return parsed.render_as_string(hide_password=False)


def plain(url: str) -> str:
    """For PostgreSQL's own tools and for bare asyncpg."""
    parsed = _renamed(make_url(url), "ssl", "sslmode").set(drivername="postgresql")
    return parsed.render_as_string(hide_password=False)


def _renamed(url: URL, old: str, new: str) -> URL:
    if old not in url.query:
        return url
    return url.difference_update_query([old]).update_query_dict({new: url.query[old]})
