from ipaddress import ip_address, ip_network

import pytest

from ipse.infra.reachable import may_ask


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - an address to refuse, not to listen on
        "10.1.2.3",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "168.63.129.16",
        "169.254.169.254",
        "172.31.255.255",
        "192.0.0.192",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.7",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:1.1.1.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a00:1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:a9fe:a9fe::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_addresses_that_are_not_public_may_not_be_asked(address: str) -> None:
    """Private, shared, mapped, translated, tunnelled, documentation, multicast and metadata addresses are refused."""
    assert not may_ask(ip_address(address), 80, ())
    assert may_ask(ip_address(address), 80, (ip_network("0.0.0.0/0"), ip_network("::/0")))


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "168.63.129.17", "2606:4700::1111", "2a00:1450::1"])
def test_public_addresses_may_be_asked(address: str) -> None:
    """The public internet is open on the ports of the web and those that anybody may use."""
    open_ports = [port for port in (1, 22, 25, 79, 80, 81, 443, 444, 1023, 1024, 8443) if _may(address, port)]
    assert [80, 443, 1024, 8443] == open_ports


def _may(address: str, port: int) -> bool:
    """Whether a port of an address may be asked."""
    return may_ask(ip_address(address), port, ())
