//! E-mail, telephone, postal and network addresses.

use super::{NARROW, NBSP, Pen, Value, grouped};
use crate::people::Person;

pub(super) fn draw(name: &str, person: &Person, pen: &mut Pen) -> Option<Value> {
    Some(match name {
        "email" => Value::of("email", email(person, pen)),
        "phone" => Value::of("phone", phone(pen)),
        "mobile" => Value::of(
            "phone",
            domestic(&format!("063998{}", pen.dice.digits(4)), pen),
        ),
        "phone_compact" => Value::of(
            "phone",
            format!("0{}{}", pen.dice.between(6, 7), four_pairs(pen)),
        ),
        "overseas_phone" => Value::of("phone", overseas(pen)),
        "address" => Value::of("postal_address", street(person, pen)),
        "full_address" => {
            let comma = *pen.way(&[", ", " ", " - ", ", "]);
            Value::of(
                "postal_address",
                format!("{}{comma}{}", street(person, pen), person.town),
            )
        }
        "postcode" => Value::nobodys(person.town.split(' ').next()?),
        "town" => Value::nobodys(person.town.split_once(' ')?.1),
        "ip" => {
            let dice = &mut *pen.dice;
            let tail = format!("{}.{}", dice.between(0, 254), dice.between(2, 254));
            Value::of(
                "ip_address",
                format!("{}.{}.{tail}", dice.between(78, 95), dice.between(1, 254)),
            )
        }
        "private_ip" => {
            let dice = &mut *pen.dice;
            let network = *dice.pick(&[
                "192.168.1",
                "192.168.40",
                "10.12.0",
                "10.47.210",
                "172.16.4",
            ]);
            Value::of("ip_address", format!("{network}.{}", dice.between(2, 254)))
        }
        "ipv6" => {
            let dice = &mut *pen.dice;
            Value::of(
                "ip_address",
                format!(
                    "2001:861:{}:{}:{}:{}:{}:{}",
                    dice.hex(4),
                    dice.hex(4),
                    dice.hex(4),
                    dice.hex(4),
                    dice.hex(4),
                    dice.hex(4)
                ),
            )
        }
        "mac" => {
            let pairs: Vec<String> = (0..5).map(|_| pen.dice.hex(2)).collect();
            // The first byte of a maker's address is even.
            let separator = *pen.way(&[":", "-"]);
            let first = *pen.dice.pick(&["00", "3c", "a4", "d8", "f0", "7c"]);
            let address = format!("{first}{separator}{}", pairs.join(separator));
            Value::of(
                "mac_address",
                if pen.habit.is_multiple_of(2) {
                    address.to_uppercase()
                } else {
                    address
                },
            )
        }
        _ => return None,
    })
}

fn email(person: &Person, pen: &mut Pen) -> String {
    let (first, last) = (ascii(&person.first), ascii(&person.last));
    let initial = first.get(..1).unwrap_or_default().to_owned();
    let domain = &person.mail_domain;
    let dice = &mut *pen.dice;
    match pen.habit % 10 {
        0..=3 => format!("{first}.{last}@{domain}"),
        4 => format!("{initial}{last}@{domain}"),
        5 => format!("{first}_{last}{}@{domain}", dice.between(1, 99)),
        6 => format!(
            "{}.{}@{domain}",
            person.first.to_uppercase(),
            last.to_uppercase()
        ),
        7 => format!("{last}{}@{domain}", person.born.year),
        8 => format!("{first}.{last}+mairie@{domain}"),
        _ => format!("famille-{last}@{domain}"),
    }
}

fn phone(pen: &mut Pen) -> String {
    let area = *pen.dice.pick(&[1, 2, 3, 4, 5, 6, 6, 6, 7, 9]);
    let number = match area {
        // Of the block 07, only 073 to 079 are open.
        7 => format!("07{}{}", pen.dice.between(3, 8), pen.dice.digits(7)),
        _ => format!("0{area}{}", four_pairs(pen)),
    };
    domestic(&number, pen)
}

fn four_pairs(pen: &mut Pen) -> String {
    format!("{}{}", pen.dice.between(3, 8), pen.dice.digits(7))
}

fn domestic(number: &str, pen: &mut Pen) -> String {
    let rest = number.get(1..).unwrap_or(number);
    match pen.habit % 16 {
        0..=3 => grouped(number, &[2], " "),
        4 | 5 => grouped(number, &[2], "."),
        6 => grouped(number, &[2], "-"),
        7 => grouped(number, &[2], NBSP),
        8 => grouped(number, &[2], NARROW),
        9 => format!("+33 {}", grouped(rest, &[1, 2], " ")),
        10 => format!("+33{rest}"),
        11 => format!("+33 (0){}", grouped(rest, &[1, 2], " ")),
        12 => format!("0033{rest}"),
        13 => grouped(number, &[2], "/"),
        _ => number.to_owned(),
    }
}

/// Réunion, Guadeloupe, Martinique, Guyane, Mayotte; New Caledonia has six digits behind its own prefix.
fn overseas(pen: &mut Pen) -> String {
    let prefix = *pen.dice.pick(&[
        "0262", "0692", "0590", "0690", "0596", "0696", "0594", "0694", "0269", "0639",
    ]);
    let tail = format!("{}{}", pen.dice.between(20, 49), pen.dice.digits(4));
    match pen.habit % 5 {
        0 | 1 => grouped(&format!("{prefix}{tail}"), &[4, 2], " "),
        2 => format!("{prefix}{tail}"),
        3 => grouped(&format!("{prefix}{tail}"), &[2], " "),
        _ => {
            let country = match prefix {
                "0590" | "0690" => "590",
                "0596" | "0696" => "596",
                "0594" | "0694" => "594",
                _ => "262",
            };
            format!(
                "+{country} {}",
                grouped(
                    &format!("{}{tail}", prefix.get(1..).unwrap_or_default()),
                    &[3, 2],
                    " "
                )
            )
        }
    }
}

fn street(person: &Person, pen: &mut Pen) -> String {
    let number = pen.dice.between(1, 148);
    let more = *pen.dice.pick(&["", "", "", "", "", " bis", " ter", " B"]);
    let comma = *pen.way(&[" ", ", ", " "]);
    let complement = *pen.dice.pick(&[
        "",
        "",
        "",
        "",
        "Bât. C, ",
        "Appt 12, ",
        "Résidence du Parc, ",
    ]);
    format!("{complement}{number}{more}{comma}{}", person.street)
}

/// Lower case without accents nor punctuation, for mailboxes.
pub(super) fn ascii(name: &str) -> String {
    name.to_lowercase()
        .chars()
        .filter_map(|c| match c {
            'à' | 'â' | 'ä' | 'á' => Some('a'),
            'ç' => Some('c'),
            'é' | 'è' | 'ê' | 'ë' => Some('e'),
            'î' | 'ï' | 'í' => Some('i'),
            'ô' | 'ö' => Some('o'),
            'ù' | 'û' | 'ü' => Some('u'),
            'ñ' => Some('n'),
            'œ' => Some('e'),
            c => (c.is_ascii_alphanumeric() || c == '-').then_some(c),
        })
        .collect()
}
