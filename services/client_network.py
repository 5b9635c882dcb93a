"""Whose requests are counted together: an address, or the network a household has."""

import ipaddress

# One household or one rented machine has a whole /64 of IPv6 addresses.
IPV6_NETWORK = 64


def network_of(address: str) -> str:
    """The address itself, or of IPv6 its /64; what is no address as it is."""
    if ":" not in address:
        return address
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, IPV6_NETWORK), strict=False))
    return str(getattr(found, "ipv4_mapped", found))
