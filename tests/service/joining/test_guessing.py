"""Codes tried on the reply page: a guesser is stopped, and stops nobody else."""

from __future__ import annotations

import pytest
from tests.service.joining.conftest import Joining

from unhurried.service.audit.refused import Refused
from unhurried.service.joining import operations, rules
from unhurried.service.joining.codes import REPLY, network_of
from unhurried.service.joining.models import ReplyAttempt

WRONG = "3333-3333-3333"


def guess(sender: str) -> str:
    """What the page says to a wrong code from this address."""
    with pytest.raises(Refused) as refusal:
        operations.reply_online(code=WRONG, reply="no", sender=sender)
    return str(refusal.value)


def heard(sender: str) -> bool:
    return "wait an hour" not in guess(sender)


def test_one_guesser_with_a_whole_network_leaves_room_for_everybody_else(joining: Joining) -> None:
    invitation = joining.invited(joining.patient())
    guesses = sum(heard(f"2001:db8:1:2::{number:x}") for number in range(100))
    assert guesses == rules.ATTEMPTS_PER_NETWORK < rules.ATTEMPTS_IN_ALL
    done = operations.reply_online(
        code=REPLY.code_for(invitation.uuid), reply="yes", sender="198.51.100.7"
    )
    assert done.reply == "yes"


def test_right_codes_use_up_nothing_that_others_share(joining: Joining) -> None:
    code = REPLY.code_for(joining.invited(joining.patient()).uuid)
    operations.reply_online(code=code, reply="yes", sender="198.51.100.7")
    assert list(ReplyAttempt.objects.values_list("wrong", flat=True)) == [False]


def test_who_has_not_guessed_is_heard_when_many_others_have(
    joining: Joining, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "ATTEMPTS_IN_ALL", 6)
    monkeypatch.setattr(rules, "ATTEMPTS_AT_MOST", 8)
    invitation = joining.invited(joining.patient())
    for number in range(6):
        assert heard(f"10.0.{number}.1")
    assert not heard("10.0.0.2")  # the network of one who guessed
    code = REPLY.code_for(invitation.uuid)
    operations.reply_online(code=code, reply="more", sender="198.51.100.7")
    assert heard("10.0.8.1")
    assert heard("10.0.9.1")
    assert not heard("10.0.10.1")  # the most there is, whoever asks
    assert ReplyAttempt.objects.filter(wrong=True).count() == 8


def test_one_address_is_limited_on_its_own(joining: Joining) -> None:
    assert sum(heard("198.51.100.7") for _ in range(15)) == rules.ATTEMPTS_PER_SENDER
    assert heard("203.0.113.9")


def test_which_addresses_are_one_network() -> None:
    assert network_of("198.51.100.7") == network_of("198.51.100.200")
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9")
    assert network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1")
    assert network_of("") == ""
    assert network_of("not an address") == "not an address"
