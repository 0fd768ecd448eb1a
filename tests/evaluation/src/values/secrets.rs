//! Passwords, keys and tokens of nothing.

use super::{Pen, Value};

const SYMBOLS: [char; 62] = [
    'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's',
    't', 'u', 'v', 'w', 'x', 'y', 'z', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L',
    'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', '0', '1', '2', '3', '4',
    '5', '6', '7', '8', '9',
];

pub(super) fn draw(name: &str, pen: &mut Pen) -> Option<Value> {
    let dice = &mut *pen.dice;
    Some(match name {
        "password" => {
            let word = *dice.pick(&[
                "Tournesol",
                "mairie",
                "Beffroi",
                "Cantine",
                "soleil",
                "Azerty",
                "Vercors",
            ]);
            let end = *dice.pick(&["!", "*", "", "$", "?"]);
            Value::of(
                "secret",
                match dice.between(0, 2) {
                    0 => format!("{word}{}{end}", dice.between(10, 2030)),
                    1 => format!("{word}-{}", dice.letters(&SYMBOLS, 6)),
                    _ => dice.letters(&SYMBOLS, 12),
                },
            )
        }
        "token" => Value::of(
            "secret",
            match dice.between(0, 3) {
                0 => format!("ghp_{}", dice.letters(&SYMBOLS, 36)),
                1 => format!("glpat-{}", dice.letters(&SYMBOLS, 20)),
                2 => format!("AKIA{}", dice.letters(&SYMBOLS, 16).to_uppercase()),
                _ => format!("sk_live_{}", dice.letters(&SYMBOLS, 24)),
            },
        ),
        "private_key" => {
            let lines: Vec<String> = (0..6).map(|_| dice.letters(&SYMBOLS, 64)).collect();
            let sort = *dice.pick(&[
                "RSA PRIVATE KEY",
                "PRIVATE KEY",
                "OPENSSH PRIVATE KEY",
                "EC PRIVATE KEY",
            ]);
            Value::of(
                "secret",
                format!(
                    "-----BEGIN {sort}-----\n{}\n-----END {sort}-----",
                    lines.join("\n")
                ),
            )
        }
        _ => return None,
    })
}
