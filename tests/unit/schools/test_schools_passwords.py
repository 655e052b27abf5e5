"""argon2id hashes."""

from shared.security.passwords import Passwords


def test_a_hash_knows_its_password_and_no_other() -> None:
    passwords = Passwords(cheap=True)
    hashed = passwords.hash("ฝนตกที่เชียงของ")
    assert hashed.startswith("$argon2id$")
    assert passwords.verify(hashed, "ฝนตกที่เชียงของ")
    assert not passwords.verify(hashed, "ฝนตกที่เชียงของ ")


def test_two_hashes_of_one_password_differ() -> None:
    passwords = Passwords(cheap=True)
    assert passwords.hash("khet-demo") != passwords.hash("khet-demo")


def test_an_account_that_is_not_there_has_no_password() -> None:
    assert not Passwords(cheap=True).verify(None, "")


def test_the_usual_parameters_are_not_the_cheap_ones() -> None:
    assert "m=47104,t=1,p=1" in Passwords().hash("khet-demo")
