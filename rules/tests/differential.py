"""Values and what python-stdnum thinks of them: `kind value 0|1` a line, for rules/tests/differential.rs.

Half of the values are made valid, half are not; the seed is fixed. Needs python-stdnum (written against 2.2).
"""

import random

from stdnum import iban, luhn
from stdnum.fr import nif, nir, siret, tva

COUNT = 100_000
KEY_LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
ACCOUNTS = {"FR": 23, "MC": 23, "DE": 18, "BE": 12, "ES": 20, "LU": 16, "PT": 21, "CH": 17, "GB": "NWBK+14", "NL": "ABNA+10", "IT": "X+22", "XX": 20}


def digits(count):
    return "".join(random.choice("0123456789") for _ in range(count))


def half():
    return random.random() < 0.5


def a_nir():
    body = random.choice("12") + digits(4) + random.choice([digits(2), digits(2), "2A", "2B"]) + digits(6)
    return body + (nir.calc_check_digits(body) if half() else digits(2))


def a_siren():
    body = digits(8)
    return body + luhn.calc_check_digit(body)


def a_siret():
    body = random.choice([a_siren(), a_siren(), "356000000"]) + digits(4)
    return body + (luhn.calc_check_digit(body) if half() else digits(1))


def a_vat():
    siren = a_siren() if random.random() < 0.8 else digits(9)
    key = "%02d" % (int(siren + "12") % 97) if half() else random.choice(KEY_LETTERS) + random.choice(KEY_LETTERS)
    return "FR" + key + siren


def a_spi():
    body = random.choice("0123") + digits(9)
    return body + "%03d" % (int(body) % 511 if half() else random.randrange(1000))


def an_iban():
    country, account = random.choice(list(ACCOUNTS.items()))
    letters, _, count = str(account).rpartition("+")
    account = letters + digits(int(count))
    key = iban.calc_check_digits(country + "00" + account) if half() else digits(2)
    return country + key + account


random.seed(20261121)
GENERATORS = {
    "nir": (a_nir, nir.is_valid),
    "siret": (a_siret, siret.is_valid),
    "luhn": (lambda: a_siren() if half() else digits(9), luhn.is_valid),
    "vat": (a_vat, tva.is_valid),
    "spi": (a_spi, nif.is_valid),
    "iban": (an_iban, lambda value: iban.is_valid(value, check_country=False)),
}
for kind, (generate, is_valid) in GENERATORS.items():
    for _ in range(COUNT):
        value = generate()
        print(kind, value, int(is_valid(value)))
