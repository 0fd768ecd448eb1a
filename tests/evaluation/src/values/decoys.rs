//! What fills real documents and is nobody's: references, amounts, dates, hashes, numbers with a wrong structure.

use beffroi_towns::checksum::nir_key;
use beffroi_towns::{Day, Dice};

use super::{NBSP, Pen, Value, grouped};

pub(super) fn draw(name: &str, pen: &mut Pen) -> Option<Value> {
    let habit = pen.habit;
    let dice = &mut *pen.dice;
    Some(Value::nobodys(match name {
        "date" => day(dice).slashes(),
        "date_words" => day(dice).words(),
        "date_iso" => day(dice).iso(),
        "date_compact" => day(dice).compact(),
        "time" => format!(
            "{:02}:{:02}:{:02}",
            dice.between(0, 23),
            dice.between(0, 59),
            dice.between(0, 59)
        ),
        "year" => dice.between(2012, 2026).to_string(),
        "amount" => amount(dice, habit),
        "count" => dice.between(1, 480).to_string(),
        "small" => dice.between(1, 12).to_string(),
        "invoice" => match habit % 4 {
            0 => format!("FA{}{}", dice.between(2015, 2026), dice.digits(6)),
            1 => format!("{}-{}", dice.between(2015, 2026), dice.digits(5)),
            2 => dice.digits(10),
            _ => format!("F{}", dice.digits(8)),
        },
        "deliberation" => format!(
            "{}-{:02}-{:03}",
            dice.between(2015, 2026),
            dice.between(1, 12),
            dice.between(1, 120)
        ),
        "reference" => match habit % 5 {
            0 => format!("REF-06{}-A", dice.digits(8)),
            1 => format!("DST/{}/{}", dice.between(2015, 2026), dice.digits(4)),
            2 => format!(
                "PC 0{} {} {} 0{}",
                dice.digits(2),
                dice.digits(3),
                dice.between(12, 26),
                dice.digits(4)
            ),
            3 => format!("MAPA{}", dice.digits(7)),
            _ => format!(
                "{}{}",
                dice.letters(&['A', 'C', 'M', 'T', 'X'], 2),
                dice.digits(9)
            ),
        },
        "number" => dice.between(1_000_000_000, u32::MAX - 1).to_string(),
        "digits_8" => dice.digits(8),
        "digits_10" => dice.digits(10),
        "digits_11" => dice.digits(11),
        "digits_12" => dice.digits(12),
        "digits_13" => dice.digits(13),
        "digits_14" => dice.digits(14),
        "digits_15" => dice.digits(15),
        "digits_16" => dice.digits(16),
        "digits_20" => dice.digits(20),
        "ean" => ean(dice),
        "isbn" => format!(
            "978-2-{}-{}-{}",
            dice.digits(3),
            dice.digits(5),
            dice.digits(1)
        ),
        "timestamp" => format!("17{}", dice.digits(8)),
        "timestamp_ms" => format!("17{}", dice.digits(11)),
        "hex_32" => dice.hex(32),
        "hex_40" => dice.hex(40),
        "hex_64" => dice.hex(64),
        "guid" => format!(
            "{}-{}-4{}-a{}-{}",
            dice.hex(8),
            dice.hex(4),
            dice.hex(3),
            dice.hex(3),
            dice.hex(12)
        ),
        "version" => format!(
            "{}.{}.{}.{}",
            dice.between(1, 12),
            dice.between(0, 9),
            dice.between(0, 40),
            dice.between(0, 9999)
        ),
        "short_version" => format!(
            "{}.{}.{}",
            dice.between(1, 12),
            dice.between(0, 9),
            dice.between(0, 40)
        ),
        "section" => format!(
            "{}.{}.{}.{}",
            dice.between(1, 9),
            dice.between(1, 9),
            dice.between(1, 9),
            dice.between(1, 9)
        ),
        "parcel" => format!(
            "{} {}",
            dice.letters(&['A', 'B', 'C', 'D', 'Z'], 2),
            dice.between(1, 999)
        ),
        "impossible_month" => impossible(dice, |dice| {
            format!(
                "{}{:02}",
                dice.between(10, 99),
                dice.pick(&[0, 14, 15, 16, 17, 18, 19, 45, 47, 48])
            )
        }),
        "impossible_sex" => {
            let body = format!(
                "9{:02}{:02}75{}{:03}",
                dice.between(10, 99),
                dice.between(1, 12),
                dice.between(910, 980),
                dice.between(1, 999)
            );
            grouped(
                &format!("{body}{:02}", nir_key(&body)?),
                &[1, 2, 2, 2, 3, 3, 2],
                " ",
            )
        }
        "special_number" => {
            let prefix = *dice.pick(&["0800", "0805", "0810", "0820", "0825", "0899"]);
            grouped(&format!("{prefix}{}", dice.digits(6)), &[4, 3], " ")
        }
        "short_number" => (*dice.pick(&[
            "15", "17", "18", "112", "114", "115", "119", "3919", "3949", "3646",
        ]))
        .to_owned(),
        "lottery" => (1..=dice.between(5, 8))
            .map(|n| format!("{n:02}"))
            .collect::<Vec<_>>()
            .join(" "),
        "spaced_years" => (2016..=2016 + dice.between(4, 8))
            .map(|year| year.to_string())
            .collect::<Vec<_>>()
            .join(" "),
        "budget_line" => format!(
            "{:03} {:04} {} {} {}",
            dice.between(10, 77),
            dice.between(6000, 7999),
            amount(dice, 1),
            amount(dice, 1),
            amount(dice, 1)
        ),
        _ => return None,
    }))
}

fn day(dice: &mut Dice) -> Day {
    Day::drawn(dice, 2014, 2026)
}

fn amount(dice: &mut Dice, habit: u32) -> String {
    let (thousands, units, cents) = (
        dice.between(1, 980),
        dice.between(0, 999),
        dice.between(0, 99),
    );
    match habit % 4 {
        0 => format!("{thousands} {units:03},{cents:02}"),
        1 => format!("{thousands}{NBSP}{units:03},{cents:02}"),
        2 => format!("{thousands}{units:03}.{cents:02}"),
        _ => format!("{units},{cents:02}"),
    }
}

fn ean(dice: &mut Dice) -> String {
    let body = format!("3{}", dice.digits(11));
    let sum: u32 = body
        .chars()
        .filter_map(|c| c.to_digit(10))
        .zip([1, 3].into_iter().cycle())
        .map(|(digit, weight)| digit * weight)
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// A NIR's key is right by its arithmetic, but nobody is born in that month.
fn impossible(dice: &mut Dice, year_and_month: impl Fn(&mut Dice) -> String) -> String {
    let body = format!(
        "{}{}{:02}{}{:03}",
        dice.between(1, 2),
        year_and_month(dice),
        dice.between(1, 19),
        dice.between(910, 980),
        dice.between(1, 999)
    );
    let key = nir_key(&body).unwrap_or_default();
    grouped(&format!("{body}{key:02}"), &[1, 2, 2, 2, 3, 3, 2], " ")
}
