//! The machine-readable zones of French documents (ICAO 9303; the old identity card has its own layout).

use beffroi_towns::{Day, Dice};

use super::contact::ascii;
use super::{Pen, Value};
use crate::people::Person;

pub(super) fn draw(name: &str, person: &Person, pen: &mut Pen) -> Option<Value> {
    let zone = match name {
        "mrz_passport" => passport(person, pen.dice),
        "mrz_old_card" => old_card(person, pen.dice),
        "mrz_new_card" => card_of_three_lines("IDFRA", person, pen.dice),
        "mrz_permit" => card_of_three_lines("IRFRA", person, pen.dice),
        _ => return None,
    };
    Some(Value::of("mrz", zone))
}

fn passport(person: &Person, dice: &mut Dice) -> String {
    let number = format!(
        "{:02}{}{}",
        dice.between(8, 24),
        dice.letters(&['A', 'C', 'D', 'F', 'V'], 2),
        dice.digits(5)
    );
    let born = short(person.born);
    let ends = short(end(dice));
    let mut second = format!(
        "{number}{}FRA{born}{}{}{ends}{}",
        key(&number),
        key(&born),
        sex(person),
        key(&ends)
    );
    // No personal number: fourteen fillers, and a filler or 0 for their key.
    second.push_str("<<<<<<<<<<<<<<0");
    let signed: String = [second.get(0..10), second.get(13..20), second.get(21..43)]
        .into_iter()
        .flatten()
        .collect();
    format!(
        "{}\n{second}{}",
        padded(&format!("P<FRA{}", names(person)), 44),
        key(&signed)
    )
}

fn old_card(person: &Person, dice: &mut Dice) -> String {
    let department = dice.between(1, 95);
    let first = format!(
        "{}{department:02}{}{}",
        padded(&format!("IDFRA{}", word(&person.last)), 30),
        dice.digits(1),
        dice.digits(3)
    );
    let number = format!(
        "{:02}{:02}{department:02}{}{}",
        dice.between(4, 20),
        dice.between(1, 12),
        dice.digits(1),
        dice.digits(5)
    );
    let born = short(person.born);
    let second = format!(
        "{number}{}{}{born}{}{}",
        key(&number),
        padded(&word(&person.first), 14),
        key(&born),
        sex(person)
    );
    let composite = key(&format!("{first}{second}"));
    format!("{first}\n{second}{composite}")
}

fn card_of_three_lines(prefix: &str, person: &Person, dice: &mut Dice) -> String {
    let number = format!(
        "{}{}",
        dice.pick(&["X4", "D2", "F7", "T9"]),
        dice.letters(&['R', 'T', 'H', '2', '4', '7', '9'], 7)
    );
    let born = short(person.born);
    let ends = short(end(dice));
    let first = padded(&format!("{prefix}{number}{}", key(&number)), 30);
    let second = padded(
        &format!("{born}{}{}{ends}{}FRA", key(&born), sex(person), key(&ends)),
        29,
    );
    let signed: String = [
        first.get(5..30),
        second.get(0..7),
        second.get(8..15),
        second.get(18..29),
    ]
    .into_iter()
    .flatten()
    .collect();
    format!(
        "{first}\n{second}{}\n{}",
        key(&signed),
        padded(&names(person), 30)
    )
}

/// Weights 7, 3, 1; letters count from 10, the filler is 0.
fn key(text: &str) -> u32 {
    let sum: u32 = text
        .chars()
        .map(|c| c.to_digit(36).unwrap_or_default())
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(value, weight)| value * weight)
        .sum();
    sum % 10
}

fn names(person: &Person) -> String {
    format!("{}<<{}", word(&person.last), word(&person.first))
}

fn word(name: &str) -> String {
    ascii(&name.replace(' ', "-"))
        .to_uppercase()
        .replace('-', "<")
}

fn padded(text: &str, length: usize) -> String {
    let mut text: String = text.chars().take(length).collect();
    while text.len() < length {
        text.push('<');
    }
    text
}

fn short(day: Day) -> String {
    format!("{:02}{:02}{:02}", day.year % 100, day.month, day.day)
}

fn end(dice: &mut Dice) -> Day {
    Day::drawn(dice, 2024, 2036)
}

fn sex(person: &Person) -> char {
    if person.woman { 'F' } else { 'M' }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_agree_with_the_standard() {
        // ICAO 9303 part 4, appendix A, and part 5, appendix A.
        assert_eq!(key("L898902C3"), 6);
        assert_eq!(key("740812"), 2);
        assert_eq!(key("120415"), 9);
        assert_eq!(key("L898902C3674081221204159ZE184226B<<<<<1"), 0);
    }
}
