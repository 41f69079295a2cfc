"""The code on a letter with which a person can reply online, made from the invitation's uuid."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from unhurried.service.accounts.codes import Codes

REPLY = Codes("joining.reply")


def network_of(address: str) -> str:
    """The network an address is of: what one guesser can choose addresses from."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network(f"{found}/{64 if found.version == 6 else 24}", strict=False))
