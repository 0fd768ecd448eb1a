//! Companies, associations and health professionals.

use beffroi_towns::Dice;
use beffroi_towns::checksum::luhn_digit;

use super::{NARROW, NBSP, Pen, Value, grouped};
use crate::people::Person;

pub(super) fn draw(name: &str, person: &Person, pen: &mut Pen) -> Option<Value> {
    Some(match name {
        "siren" => {
            let separator = *pen.way(&[" ", "", NBSP, "", NARROW]);
            Value::of("siren", grouped(&siren(pen.dice)?, &[3], separator))
        }
        "siret" => {
            let separator = *pen.way(&[" ", "", NBSP, "", NARROW]);
            let number = siret(pen.dice)?;
            let groups: &[usize] = if pen.habit.is_multiple_of(7) {
                &[9, 5]
            } else {
                &[3, 3, 3, 5]
            };
            Value::of("siret", grouped(&number, groups, separator))
        }
        "siret_compact" => Value::of("siret", siret(pen.dice)?),
        "la_poste" => Value::of("siret", "356 000 000 00048"),
        "vat" => {
            let siren = siren(pen.dice)?;
            let key = (12 + 3 * (siren.parse::<u64>().ok()? % 97)) % 97;
            let separator = *pen.way(&["", " ", "", NBSP]);
            let siren = grouped(&siren, &[3], separator);
            let gap = *pen.way(&["", " ", ""]);
            Value::of("vat", format!("FR{gap}{key:02}{gap}{siren}"))
        }
        "rna" => {
            let department = pen.dice.between(1, 95);
            Value::of(
                "rna",
                format!(
                    "W{department:02}{}{}",
                    pen.dice.between(1, 4),
                    pen.dice.digits(6)
                ),
            )
        }
        "rpps" => {
            let body = format!("10{}", pen.dice.digits(8));
            Value::of("rpps", format!("{body}{}", luhn_digit(&body)?))
        }
        "adeli" => {
            let department = pen.dice.between(1, 95);
            Value::of(
                "adeli",
                format!(
                    "{department:02}{}{}",
                    pen.dice.pick(&[1, 2, 6, 7, 9]),
                    pen.dice.digits(6)
                ),
            )
        }
        "company" => Value::nobodys(&person.company),
        _ => return None,
    })
}

fn siren(dice: &mut Dice) -> Option<String> {
    let body = format!("{}{}", dice.between(3, 9), dice.digits(7));
    Some(format!("{body}{}", luhn_digit(&body)?))
}

fn siret(dice: &mut Dice) -> Option<String> {
    let body = format!("{}{:04}", siren(dice)?, dice.between(1, 60));
    Some(format!("{body}{}", luhn_digit(&body)?))
}
