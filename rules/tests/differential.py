"""Values of one kind and what an independent implementation thinks of them: `value<TAB>verdict` a line, for
rules/tests/differential.rs. The verdict is 1 or 0.

    differential.py KIND

About half of the values are made valid, the others nearly are; the seed is fixed. Needs the packages of
tests/requirements.txt.
"""

import ipaddress
import random
import re
import string
import sys
from datetime import date

import phonenumbers
import validators
from mrz.checker.td1 import TD1CodeChecker
from mrz.checker.td2 import TD2CodeChecker
from mrz.checker.td3 import TD3CodeChecker
from schwifty import BBAN, IBAN
from schwifty import registry
from stdnum import iban, luhn
from stdnum.fr import nif, nir, siren, siret, tva

COUNT = 100_000
KEY_LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CAPITALS = string.ascii_uppercase


def digits(count):
    return "%0*d" % (count, random.randrange(10**count))


def half():
    return random.random() < 0.5


# Identifiers, against python-stdnum.


def a_nir():
    body = random.choice("12") + digits(4) + random.choice([digits(2), digits(2), "2A", "2B"]) + digits(6)
    return body + (nir.calc_check_digits(body) if half() else digits(2))


def a_siren():
    body = digits(8)
    return body + (luhn.calc_check_digit(body) if half() else digits(1))


def a_sound_siren():
    body = digits(8)
    return body + luhn.calc_check_digit(body)


def a_siret():
    body = random.choice([a_sound_siren(), a_sound_siren(), a_siren(), "356000000"]) + digits(4)
    return body + (luhn.calc_check_digit(body) if half() else digits(1))


def a_vat():
    siren_number = a_sound_siren() if random.random() < 0.8 else digits(9)
    key = "%02d" % (int(siren_number + "12") % 97) if half() else random.choice(KEY_LETTERS) + random.choice(KEY_LETTERS)
    return "FR" + key + siren_number


def a_spi():
    body = random.choice("0123") + digits(9)
    return body + "%03d" % (int(body) % 511 if half() else random.randrange(1000))


# Accounts, against schwifty: every country of the registry, each with its composition, and the French key.

COMPOSITIONS = {country: registry.get_iban_spec(country).bban_spec for country in registry.get_countries()}
CLASSES = {"n": string.digits, "a": CAPITALS, "c": string.digits + CAPITALS, "i": string.digits + CAPITALS}


def an_account(composition):
    parts = re.findall(r"(\d+)!?([naci])", composition)
    return "".join(random.choice(CLASSES[letter]) for count, letter in parts for _ in range(int(count)))


def an_iban():
    country = random.choice(list(COMPOSITIONS))
    account = an_account(COMPOSITIONS[country])
    if random.random() < 0.1:
        account = random.choice([account[:-1], account + "0", account[::-1]])
    key = iban.calc_check_digits(country + "00" + account) if random.random() < 0.8 else digits(2)
    return country + key + account


def is_iban(value):
    try:
        IBAN(value)
    except ValueError:
        return False
    return True


def a_rib():
    body = digits(10) + "".join(random.choice(string.digits * 3 + CAPITALS) for _ in range(11))
    letters = "".join(account_digit(symbol) for symbol in body)
    key = 97 - int(letters + "00") % 97 if random.random() < 0.6 else random.randrange(1, 98)
    return body + "%02d" % key


def account_digit(symbol):
    return symbol if symbol.isdigit() else "12345678912345678923456789"[CAPITALS.index(symbol)]


def is_rib(value):
    try:
        return BBAN("FR", value).validate_national_checksum()
    except ValueError:
        return False


def a_card():
    body = random.choice("3456") + digits(random.choice([12, 14, 15, 18]) - 1)
    return body + (luhn.calc_check_digit(body) if half() else digits(1))


# Machine-readable zones, against mrz: their check digits only.

MRZ_NAMES = ["MARTIN<<JEANNE<MARIE", "N<GUYEN<<ANH", "DE<LA<TOUR<<CAMILLE", "LEFEVRE<<PAUL"]


def an_mrz():
    number = "".join(random.choice(string.digits + CAPITALS) for _ in range(9))
    birth, expiry = digits(6), digits(6)
    sex = random.choice("MF")
    name = random.choice(MRZ_NAMES)
    layout = random.choice([30, 36, 44])
    if layout == 30:
        first = fill("I<FRA" + keyed(number), 30)
        second = keyed(birth) + sex + keyed(expiry) + "FRA" + "<" * 11
        final = check_digit(first[5:30] + second[0:7] + second[8:15] + second[18:29])
        code = first + second + final + fill(name, 30)
    elif layout == 36:
        second = keyed(number) + "FRA" + keyed(birth) + sex + keyed(expiry) + "<" * 7
        final = check_digit(second[0:10] + second[13:20] + second[21:35])
        code = fill("I<FRA" + name, 36) + second + final
    else:
        second = keyed(number) + "FRA" + keyed(birth) + sex + keyed(expiry) + keyed(digits(14))
        final = check_digit(second[0:10] + second[13:20] + second[21:43])
        code = fill("P<FRA" + name, 44) + second + final
    return code if half() else with_another_digit(code)


def keyed(field):
    return field + check_digit(field)


def check_digit(text):
    values = [0 if symbol == "<" else int(symbol, 36) for symbol in text]
    return str(sum(value * (7, 3, 1)[index % 3] for index, value in enumerate(values)) % 10)


def fill(text, width):
    return text.ljust(width, "<")


def with_another_digit(code):
    place = random.choice([index for index, symbol in enumerate(code) if symbol.isdigit()])
    return code[:place] + random.choice(string.digits) + code[place + 1 :]


class DigitsOnly:
    """The names and countries of a zone are none of our checks."""

    def _all_fields(self):
        return True


TD1, TD2, TD3 = (type("Zone", (DigitsOnly, checker), {}) for checker in (TD1CodeChecker, TD2CodeChecker, TD3CodeChecker))
CHECKERS = {90: (TD1, 30), 72: (TD2, 36), 88: (TD3, 44)}


def is_mrz(value):
    checker, width = CHECKERS[len(value)]
    lines = "\n".join(value[start : start + width] for start in range(0, len(value), width))
    return checker(lines).result


# Phones, against the ranges of phonenumbers: those of people (fixed, mobile, over the internet).

PLAN = ["GP", "GF", "MQ", "RE", "YT"]
ABROAD = {"262": ["RE", "YT"], "590": ["GP"], "594": ["GF"], "596": ["MQ"], "508": ["PM"], "687": ["NC"], "689": ["PF"]}


def possible(territories):
    """The overseas ranges; the plan is finer than what we ask."""
    metadata = [phonenumbers.PhoneMetadata.metadata_for_region(territory) for territory in territories]
    return "|".join(part.general_desc.national_number_pattern for part in metadata)


FRANCE = phonenumbers.PhoneMetadata.metadata_for_region("FR")
NATIONAL = re.compile(
    "|".join(part.national_number_pattern for part in (FRANCE.fixed_line, FRANCE.mobile, FRANCE.voip)) + "|" + possible(PLAN)
)
OVERSEAS = {code: re.compile(possible(territories)) for code, territories in ABROAD.items()}


def a_phone():
    if random.random() < 0.8:
        return random.choice(["0", "0", "33", "0033"]) + digits(9)
    code = random.choice(list(OVERSEAS))
    return code + random.choice(["69", "26", "59", "4", "8", "2"]) + digits(random.choice([5, 6, 7, 8]))


def is_phone(value):
    code, pattern, national = "", NATIONAL, value.removeprefix("0")
    if re.fullmatch(r"0[1-9]\d{8}", value) is None:
        value = value.removeprefix("00")
        code = next((code for code in ["33", *OVERSEAS] if value.startswith(code)), "")
        pattern, national = OVERSEAS.get(code, NATIONAL), value.removeprefix(code)
    for_companies = len(national) == 9 and national.startswith("8")
    return not for_companies and pattern.fullmatch(national) is not None


# Forms, against validators and the standard library.

ENDINGS = ["fr", "com", "org", "net", "re", "bzh", "paris", "gouv.fr", "co.uk", "eu"]


def an_email():
    alphabet = string.ascii_letters + string.digits
    local = "".join(random.choice(alphabet + "._-+") for _ in range(random.randrange(1, 20)))
    label = "".join(random.choice(alphabet + "-") for _ in range(random.randrange(1, 12)))
    if random.random() < 0.7:
        local, label = local.strip("._-+"), label.strip("-")
    # A sentence may put punctuation before an address: ours begin with a letter or a digit.
    return random.choice(alphabet) + local + "@x" + label + random.choice([".", ".", ".", "..", ""]) + random.choice(ENDINGS)


def a_date():
    day, month, year = random.randrange(0, 33), random.randrange(0, 14), random.randrange(1900, 2030)
    return "%02d/%02d/%04d" % (day, month, year)


def is_date(value):
    day, month, year = map(int, value.split("/"))
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def an_ip():
    if half():
        return ".".join(str(random.choice([10, 82, 100, 192, 240, 256, random.randrange(260)])) for _ in range(random.choice([4, 4, 4, 4, 3, 5])))
    groups = ["%x" % random.randrange(65536) for _ in range(random.choice([8, 8, 8, 7, 9]))]
    address = ":".join(groups)
    return "2a01:" + address[5:].replace(random.choice(groups[1:]) + ":", ":", 1) if half() else address


def is_ip(value):
    """Those of nobody aside: the machine itself, everybody, ranges kept for later."""
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return False
    nobody = address.is_multicast or address.is_loopback or address.is_unspecified
    return not nobody and (address.version == 6 or 0 < int(value.split(".")[0]) < 224)


def a_mac():
    count = random.choice([6, 6, 6, 6, 6, 5, 7])
    groups = ["".join(random.choice("0123456789ABCDEFabcdef") for _ in range(2)) for _ in range(count)]
    separators = [random.choice(":-")] * (count - 1)
    if random.random() < 0.2:
        separators[random.randrange(count - 1)] = random.choice(":-")
    return "0" + "".join(sum(zip(groups, separators + [""]), ()))[1:]


KINDS = {
    "nir": (a_nir, nir.is_valid),
    "siren": (a_siren, siren.is_valid),
    "siret": (a_siret, siret.is_valid),
    "vat": (a_vat, tva.is_valid),
    "spi": (a_spi, nif.is_valid),
    "iban": (an_iban, is_iban),
    "rib": (a_rib, is_rib),
    "payment_card": (a_card, validators.card_number),
    "mrz": (an_mrz, is_mrz),
    "phone": (a_phone, is_phone),
    "email": (an_email, validators.email),
    "birth_date": (a_date, is_date),
    "ip_address": (an_ip, is_ip),
    "mac_address": (a_mac, validators.mac_address),
}

random.seed(20261121)
generate, is_valid = KINDS[sys.argv[1]]
for _ in range(COUNT):
    value = generate()
    print(value, int(bool(is_valid(value))), sep="\t")
