"""Address: the URL of an endpoint, refused where it would give away the key or the rows."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def safe_url(url: str) -> str:
    """The key goes there in a header: encrypted, or on to a machine nearby; and nothing secret stands in settings."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("expected an address such as http://127.0.0.1:8080/v1")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("an address without user, password, query or fragment; the key is read from OPENAI_API_KEY")
    if parts.scheme == "http" and not _is_near(parts.hostname):
        raise ValueError("http:// would send the key and the rows in the clear; use https://")
    return url


def _is_near(host: str) -> bool:
    """Whether a host is this machine, its private network, or a name without a domain (a neighbouring container)."""
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host and not host.isdigit() and not host.lower().startswith("0x")
