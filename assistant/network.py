"""Internet addresses: which of them are one and the same visitor to whoever counts."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# Whoever has an address of the sixth version has all of such a network, and may take a new one for each request.
ONE_VISITORS_BITS = 64


def unmapped(address: str) -> str:
    """The address, one of IPv4 as such where it came in as one of IPv6; anything else as it is.

    >>> unmapped("::ffff:192.0.2.1"), unmapped("2001:db8::1"), unmapped("testclient")
    ('192.0.2.1', '2001:db8::1', 'testclient')
    """
    known = _parsed(address)
    mapped = known.ipv4_mapped if isinstance(known, IPv6Address) else None
    return str(mapped) if mapped else address


def network_of(address: str) -> str:
    """What one visitor is counted by: an address of IPv4, of IPv6 the network of 64 bits.

    >>> network_of("::ffff:192.0.2.1"), network_of("2001:db8:1:2:3:4:5:6"), network_of("")
    ('192.0.2.1', '2001:db8:1:2::/64', '')
    """
    known = _parsed(unmapped(address))
    if isinstance(known, IPv6Address):
        return str(ip_network((int(known), ONE_VISITORS_BITS), strict=False))
    return unmapped(address)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address)
    except ValueError:
        return None
