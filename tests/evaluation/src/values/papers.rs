//! Numbers of papers, files and vehicles.

use super::{CAPITALS, PLATE_LETTERS, Pen, Value, grouped};

pub(super) fn draw(name: &str, pen: &mut Pen) -> Option<Value> {
    let dice = &mut *pen.dice;
    Some(match name {
        "plate" => {
            // Series that begin with W are provisional, SS was never given.
            let left = format!(
                "{}{}",
                dice.pick(&['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H']),
                dice.letters(&PLATE_LETTERS, 1)
            );
            let right = format!(
                "{}{}",
                dice.pick(&['A', 'D', 'K', 'M', 'R', 'V', 'X', 'Z']),
                dice.letters(&PLATE_LETTERS, 1)
            );
            let number = format!("{:03}", dice.between(1, 999));
            let separator = *pen.way(&["-", "-", " ", ""]);
            Value::of("plate", [left, number, right].join(separator))
        }
        "fni_plate" => {
            let letters = format!(
                "{}{}",
                dice.pick(&['A', 'D', 'K', 'M', 'R', 'V', 'X', 'Z']),
                dice.letters(&PLATE_LETTERS, 1)
            );
            let number = dice.between(12, 9_899);
            let department = format!("{:02}", dice.between(1, 95));
            let separator = *pen.way(&[" ", "-", " ", ""]);
            Value::of(
                "plate",
                [number.to_string(), letters, department].join(separator),
            )
        }
        "cni_old" => Value::of("identity_card", {
            // Year, month, department, three digits of the office, order.
            format!(
                "{:02}{:02}{:02}{}{}",
                dice.between(4, 21),
                dice.between(1, 12),
                dice.between(1, 95),
                dice.digits(1),
                dice.digits(5)
            )
        }),
        "cni_new" => Value::of("identity_card", {
            let middle: String = (0..6)
                .map(|_| {
                    *dice.pick(&[
                        "0", "1", "2", "3", "4", "6", "7", "8", "9", "H", "R", "T", "Z", "X", "M",
                    ])
                })
                .collect();
            format!(
                "{}{}{middle}{}",
                dice.pick(&["X", "D", "F", "T", "K"]),
                dice.between(1, 9),
                dice.between(0, 9)
            )
        }),
        "passport" => {
            let (year, letters, number) = (
                dice.between(8, 24),
                dice.letters(&PLATE_LETTERS, 2),
                dice.digits(5),
            );
            let separator = *pen.way(&["", "", " "]);
            Value::of(
                "passport",
                format!("{year:02}{separator}{letters}{separator}{number}"),
            )
        }
        "neph" => {
            // Year and month of the first registration, department, order.
            let number = format!(
                "{:02}{:02}{:02}{}",
                dice.between(75, 123) % 100,
                dice.between(1, 12),
                dice.between(1, 95),
                dice.digits(6)
            );
            let separator = *pen.way(&["", "", " "]);
            Value::of("neph", grouped(&number, &[2, 2, 2, 6], separator))
        }
        // The title's own number, field 5 of the card.
        "licence_title" => Value::of(
            "driving_licence",
            format!(
                "{}{}{}",
                dice.between(13, 25),
                dice.letters(&PLATE_LETTERS, 2),
                dice.digits(5)
            ),
        ),
        "agdref" => {
            let office = *dice.pick(&["99", "75", "93", "13", "69", "77", "01"]);
            Value::of(
                "foreigner_number",
                format!("{office}{:02}{}", dice.between(1, 95), dice.digits(6)),
            )
        }
        "ine_old" => Value::of(
            "ine",
            format!("{}{}", dice.digits(10), dice.letters(&PLATE_LETTERS, 1)),
        ),
        "ine_new" => Value::of(
            "ine",
            format!("{}{}", dice.digits(9), dice.letters(&PLATE_LETTERS, 2)),
        ),
        "numen" => {
            let academy = *dice.pick(&["01", "04", "10", "14", "17", "24"]);
            let department = dice.pick(&['A', 'B', 'C', 'E', 'G', 'S']);
            Value::of(
                "numen",
                format!(
                    "{academy}{department}{:02}{}{}",
                    dice.between(70, 99),
                    dice.digits(5),
                    dice.letters(&CAPITALS, 3)
                ),
            )
        }
        "caf" => {
            let number = format!("{}{}", dice.between(1, 9), dice.digits(6));
            let letter = dice.letters(&PLATE_LETTERS, 1);
            Value::of(
                "caf_number",
                pen.way(&[
                    number.clone(),
                    format!("{number}{letter}"),
                    format!("{number} {letter}"),
                ])
                .clone(),
            )
        }
        "voter" => Value::of(
            "voter_number",
            format!("{}{}", dice.between(1, 9), dice.digits(8)),
        ),
        _ => return None,
    })
}
