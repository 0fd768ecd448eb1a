//! Accounts and cards.

use beffroi_towns::Dice;
use beffroi_towns::checksum::{iban_check_digits, luhn_digit, mod97, rib_key};

use super::{CAPITALS, NARROW, NBSP, Pen, Value, grouped};

pub(super) fn draw(name: &str, pen: &mut Pen) -> Option<Value> {
    Some(match name {
        "iban" => {
            let number = if pen.dice.chance(12) {
                foreign_iban(pen.dice)?
            } else {
                french_iban(pen.dice)?
            };
            Value::of("iban", spelled(&number, pen))
        }
        "iban_compact" => Value::of("iban", french_iban(pen.dice)?),
        "foreign_iban" => Value::of("iban", spelled(&foreign_iban(pen.dice)?, pen)),
        "iban_on_two_lines" => {
            let written = grouped(&french_iban(pen.dice)?, &[4], " ");
            // The fold falls between two groups.
            let (head, tail) = written.split_at(19);
            Value::of("iban", format!("{head}\n{}", tail.trim_start()))
        }
        "rib" => {
            let separator = *pen.way(&[" ", " ", NBSP, "", "-"]);
            Value::of("rib", grouped(&rib(pen.dice)?, &[5, 5, 11, 2], separator))
        }
        "rib_cells" => Value::of("rib", grouped(&rib(pen.dice)?, &[5, 5, 11, 2], ";")),
        "rib_fields" => {
            let rib = rib(pen.dice)?;
            let (bank, rest) = rib.split_at(5);
            let (branch, rest) = rest.split_at(5);
            let (account, key) = rest.split_at(11);
            Value::of(
                "rib",
                format!("Banque {bank} Guichet {branch} Compte {account} Clé {key}"),
            )
        }
        "card" => {
            let number = card(pen.dice)?;
            let groups: &[usize] = if number.len() == 15 { &[4, 6, 5] } else { &[4] };
            let separator = *pen.way(&[" ", "", "-", NBSP, NARROW]);
            Value::of("payment_card", grouped(&number, groups, separator))
        }
        "wrong_iban_length" => {
            let number = french_iban(pen.dice)?;
            // The key is right for the number as it stands, only no French account has 25 characters.
            let account = number.get(4..number.len() - 2)?;
            Value::nobodys(iban("FR", account)?)
        }
        "wrong_iban_key" => {
            let number = french_iban(pen.dice)?;
            let check: u32 = number.get(2..4)?.parse().ok()?;
            let wrong = if check == 97 { 12 } else { check + 1 };
            Value::nobodys(grouped(
                &format!("FR{wrong:02}{}", number.get(4..)?),
                &[4],
                " ",
            ))
        }
        "test_card" => Value::nobodys(*pen.dice.pick(&[
            "4242 4242 4242 4242",
            "4111111111111111",
            "5555555555554444",
            "4000 0000 0000 0002",
            "378282246310005",
            "5105 1051 0510 5100",
            "4012888888881881",
        ])),
        _ => return None,
    })
}

/// Bank numbers from 90000 up are no bank's.
fn rib(dice: &mut Dice) -> Option<String> {
    let bank = format!("9{}", dice.digits(4));
    let branch = dice.digits(5);
    let account = match dice.between(0, 9) {
        // La Banque postale's centres.
        0 | 1 => format!(
            "{}{}{}",
            dice.digits(7),
            dice.pick(&['A', 'D', 'M', 'P', 'S', 'X']),
            dice.digits(3)
        ),
        _ => dice.digits(11),
    };
    Some(format!(
        "{bank}{branch}{account}{:02}",
        rib_key(&bank, &branch, &account)?
    ))
}

fn french_iban(dice: &mut Dice) -> Option<String> {
    iban("FR", &rib(dice)?)
}

fn foreign_iban(dice: &mut Dice) -> Option<String> {
    match dice.between(0, 9) {
        0 => iban("DE", &dice.digits(18)),
        1 => {
            let body = dice.digits(10);
            let key = match mod97(&body)? {
                0 => 97,
                rest => rest,
            };
            iban("BE", &format!("{body}{key:02}"))
        }
        2 => iban("LU", &dice.digits(16)),
        3 => iban("ES", &dice.digits(20)),
        4 => iban("PT", &dice.digits(21)),
        5 => iban("CH", &dice.digits(17)),
        6 => iban(
            "NL",
            &format!("{}{}", dice.letters(&CAPITALS, 4), dice.digits(10)),
        ),
        7 => iban(
            "GB",
            &format!("{}{}", dice.letters(&CAPITALS, 4), dice.digits(14)),
        ),
        8 => iban(
            "IT",
            &format!("{}{}", dice.letters(&CAPITALS, 1), dice.digits(22)),
        ),
        _ => iban("TN", &dice.digits(20)),
    }
}

fn iban(country: &str, bban: &str) -> Option<String> {
    Some(format!(
        "{country}{:02}{bban}",
        iban_check_digits(country, bban)?
    ))
}

/// Issuer numbers of real schemes, cards of nobody: the dice choose the rest.
fn card(dice: &mut Dice) -> Option<String> {
    let (issuer, length) = *dice.pick(&[
        ("4970", 16),
        ("4974", 16),
        ("4533", 16),
        ("5132", 16),
        ("5355", 16),
        ("2223", 16),
        ("3742", 15),
    ]);
    let body = format!("{issuer}{}", dice.digits(length - issuer.len() - 1));
    Some(format!("{body}{}", luhn_digit(&body)?))
}

fn spelled(number: &str, pen: &mut Pen) -> String {
    match pen.habit % 12 {
        0..=3 => grouped(number, &[4], " "),
        4 => grouped(number, &[4], NBSP),
        5 => grouped(number, &[4], NARROW),
        6 => number.to_lowercase(),
        7 => grouped(&number.to_lowercase(), &[4], " "),
        8 => grouped(number, &[4], "-"),
        _ => number.to_owned(),
    }
}
