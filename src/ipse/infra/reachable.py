"""Which addresses Ipse may ask when a caller names them: public ones, and those that the operator allows."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
"""
All of IPv6 that may be asked, but for the networks below. Mapped IPv4 addresses (`::ffff:0:0/96`), NAT64
(`64:ff9b::/96`, `64:ff9b:1::/48`), unique local, link-local and multicast addresses lie outside.

Source: IANA, Internet Protocol Version 6 Address Space.
"""

NOT_PUBLIC: Final[tuple[Network, ...]] = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT; 100.100.100.200 tells the secrets of machines at Alibaba Cloud
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # the host of every machine at Azure, on an address that looks public
        "169.254.0.0/16",  # link-local; 169.254.169.254 tells the secrets of machines at most clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; 192.0.0.192 tells the secrets of machines at Oracle Cloud
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # relays of 6to4, deprecated
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, with the broadcast address
        "2001::/23",  # protocol assignments, with Teredo, which wraps IPv4 addresses
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which wraps IPv4 addresses
        "3fff::/20",  # documentation
    )
)
"""
Networks that nobody's pictures are in.

Source: IANA, IPv4 and IPv6 Special-Purpose Address Registries (not globally reachable); Microsoft, "What is IP address
168.63.129.16?".
"""

WEB_PORTS: Final = frozenset({80, 443})
"""The ports below 1024 that speak HTTP. Source: IANA, Service Name and Transport Protocol Port Number Registry."""

FIRST_USER_PORT: Final = 1024
"""From here on a port is whatever its owner made it. Source: RFC 6335, section 6."""


def may_ask(address: Address, port: int, allow: tuple[Network, ...], *, public: bool = True) -> bool:
    """
    Give whether a caller may make Ipse connect there.

    Args:
        address: What a name resolved to, or was itself.
        port: Where.
        allow: Networks that the operator opens, on every port.
        public: Whether the public internet is open too.
    """
    if any(address in network for network in allow):
        return True
    return public and _is_public(address) and (port in WEB_PORTS or port >= FIRST_USER_PORT)


def _is_public(address: Address) -> bool:
    """Give whether an address belongs to the public internet."""
    if isinstance(address, IPv6Address) and address not in GLOBAL_UNICAST:
        return False
    return not any(address in network for network in NOT_PUBLIC)
