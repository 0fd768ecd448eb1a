//! Numbers of the State for a person: NIR and its provisional forms, numéro fiscal.

use beffroi_towns::checksum::{nir_key, spi_key};

use super::{NARROW, NBSP, Pen, Value, grouped};
use crate::people::Person;

pub(super) fn draw(name: &str, person: &Person, pen: &mut Pen) -> Option<Value> {
    Some(match name {
        "nir" => Value::of("nir", spelled(&nir(person, pen), pen)),
        "nir_without_key" => {
            let number = nir(person, pen);
            let body = number.get(..13).unwrap_or(&number);
            Value::of(
                "nir",
                *pen.way(&[&body.to_owned(), &grouped(body, &[1, 2, 2, 2, 3, 3], " ")]),
            )
        }
        "nir_and_key_cells" => {
            let number = nir(person, pen);
            let (body, key) = number.split_at(13);
            Value::of("nir", format!("{body};{key}"))
        }
        "nia" => {
            let number = nir(person, pen);
            let first = if person.woman { "8" } else { "7" };
            let body = format!("{first}{}", number.get(1..13).unwrap_or_default());
            Value::of("nir_provisional", spelled(&with_key(&body), pen))
        }
        // Sex, fund and order behind the mark of the sort: no place, no date, no key.
        "nnp" => Value::of("nir_nnp", provisional(pen, &["7", "8"])),
        "mig" => Value::of("nir_mig", provisional(pen, &["5", "6"])),
        "spi" => {
            let body = format!(
                "{}{}",
                pen.dice.between(0, 3),
                pen.dice.between(100_000_000, 999_999_999)
            );
            let number = format!("{body}{:03}", spi_key(&body)?);
            let separator = *pen.way(&[" ", "", NBSP, "", NARROW]);
            Value::of("spi", grouped(&number, &[2, 2, 3, 3, 3], separator))
        }
        _ => return None,
    })
}

/// Commune numbers from 910 up (70 up overseas) and country numbers 610 to 690 are attributed to no place, so that the
/// number cannot be a living person's.
fn nir(person: &Person, pen: &mut Pen) -> String {
    let dice = &mut *pen.dice;
    let mainland: Vec<u32> = (1..=95).filter(|department| *department != 20).collect();
    let corsica = |letter: &str| {
        if person.born.year < 1976 {
            "20".to_owned()
        } else {
            format!("2{letter}")
        }
    };
    let place = match dice.between(1, 100) {
        1..=5 => format!("{}{}", corsica("A"), dice.between(910, 989)),
        6..=10 => format!("{}{}", corsica("B"), dice.between(910, 989)),
        11..=17 => format!("97{}{}", dice.pick(&[1, 2, 3, 4, 6]), dice.between(70, 90)),
        18..=26 => format!("99{}", dice.between(610, 690)),
        _ => format!("{:02}{}", dice.pick(&mainland), dice.between(910, 989)),
    };
    let sex = if person.woman { 2 } else { 1 };
    with_key(&format!(
        "{sex}{:02}{:02}{place}{:03}",
        person.born.year % 100,
        person.born.month,
        dice.between(1, 999)
    ))
}

fn provisional(pen: &mut Pen, marks: &[&str]) -> String {
    let dice = &mut *pen.dice;
    format!(
        "{}{}{}{}",
        dice.pick(marks),
        dice.between(1, 2),
        dice.between(101, 976),
        dice.digits(8)
    )
}

fn with_key(body: &str) -> String {
    format!("{body}{:02}", nir_key(body).unwrap_or_default())
}

fn spelled(number: &str, pen: &mut Pen) -> String {
    const GROUPS: &[usize] = &[1, 2, 2, 2, 3, 3, 2];
    let (body, key) = number.split_at(13);
    match pen.habit % 16 {
        0..=2 => grouped(number, GROUPS, " "),
        3 => grouped(number, GROUPS, NBSP),
        4 => grouped(number, GROUPS, NARROW),
        5 => grouped(number, GROUPS, "."),
        6 => grouped(number, GROUPS, "-"),
        7 => format!("{body} {key}"),
        8 => format!("{} clé {key}", grouped(body, GROUPS, " ")),
        9 => format!("{} / {key}", grouped(body, GROUPS, " ")),
        10 => format!("{body} (clé {key})"),
        11 => grouped(number, &[1, 2, 2, 5, 3, 2], " "),
        _ => number.to_owned(),
    }
}
