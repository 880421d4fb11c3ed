"""Where a request comes from."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the person's machine, or an empty text where it is unknown.

    Behind a proxy of ours it is the last entry of X-Forwarded-For, which that proxy
    wrote; the entries before it are whatever the person's browser sent. Without a
    proxy the header is not looked at, since anybody can write it.
    """
    remote = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        forwarded = request.headers.get("X-Forwarded-For", "")
        return _normal(forwarded.rpartition(",")[2]) or _normal(remote)
    return _normal(remote)


def network_of(address: str) -> str:
    """What counts as one place: an IPv4 address, or the 64 bits of an IPv6 network.

    One household or one rented machine has all 2^64 addresses of such a network.
    """
    if ":" not in address:
        return address
    return str(IPv6Network((address, 64), strict=False))


def _normal(text: str) -> str:
    """One spelling of an address; empty where it is none."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return ""
    if isinstance(address, IPv4Address):
        return str(address)
    # without the name of an interface, and IPv4 written as IPv6 is IPv4
    return str(address.ipv4_mapped or IPv6Address(int(address)))
