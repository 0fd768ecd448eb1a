//! Machine-readable zones: the check digits of ICAO 9303 (weights 7, 3, 1) and of the French identity card of 1988–2021.
//!
//! The symbols are the lines put end to end: 72 (two lines of 36: French card, or TD2), 88 (two of 44: passport, TD3) or 90
//! (three of 30: card of 2021, residence permit, TD1).

use std::ops::Range;

/// Every check digit that the format has must agree.
pub fn mrz_keys_hold(symbols: &[u8]) -> bool {
    match symbols.len() {
        72 if symbols.starts_with(b"IDFRA") => french_card_keys_hold(symbols),
        72 => two_lines_keys_hold(symbols, 36, 35),
        88 => two_lines_keys_hold(symbols, 44, 43) && personal_number_holds(symbols),
        90 => three_lines_keys_hold(symbols),
        _ => false,
    }
}

/// Second line: number (12) and its digit, given names (14), birth date and its digit, sex, digit of the whole.
fn french_card_keys_hold(symbols: &[u8]) -> bool {
    let line = 36;
    field_holds(symbols, line..line + 12, line + 12)
        && field_holds(symbols, line + 27..line + 33, line + 33)
        && field_holds(symbols, 0..71, 71)
}

/// Second line: number (9) and its digit, nationality, birth date and its digit, sex, expiry and its digit, then a digit
/// of the whole, last.
fn two_lines_keys_hold(symbols: &[u8], line: usize, last: usize) -> bool {
    field_holds(symbols, line..line + 9, line + 9)
        && field_holds(symbols, line + 13..line + 19, line + 19)
        && field_holds(symbols, line + 21..line + 27, line + 27)
        && fields_hold(
            symbols,
            &[
                line..line + 10,
                line + 13..line + 20,
                line + 21..line + last,
            ],
            line + last,
        )
}

/// The passport's second line, before its last digit: a number that many countries leave blank, with its digit or a filler.
fn personal_number_holds(symbols: &[u8]) -> bool {
    let number = 44 + 28..44 + 42;
    let is_blank = symbols
        .get(number.clone())
        .is_some_and(|symbols| symbols.iter().all(|symbol| *symbol == b'<'));
    is_blank || field_holds(symbols, number, 44 + 42)
}

/// First line: number and its digit; second: birth date, expiry, each with its digit, and the digit of the whole.
fn three_lines_keys_hold(symbols: &[u8]) -> bool {
    field_holds(symbols, 5..14, 14)
        && field_holds(symbols, 30..36, 36)
        && field_holds(symbols, 38..44, 44)
        && fields_hold(symbols, &[5..30, 30..37, 38..45, 48..59], 59)
}

fn field_holds(symbols: &[u8], field: Range<usize>, digit: usize) -> bool {
    fields_hold(symbols, &[field], digit)
}

fn fields_hold(symbols: &[u8], fields: &[Range<usize>], digit: usize) -> bool {
    let weighted = fields
        .iter()
        .flat_map(|field| symbols.get(field.clone()).unwrap_or_default());
    let sum: Option<u32> = weighted
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(symbol, weight)| Some(value(*symbol)? * weight))
        .sum();
    let expected = symbols.get(digit).copied().and_then(value);
    sum.map(|sum| sum % 10) == expected
}

fn value(symbol: u8) -> Option<u32> {
    match symbol {
        b'<' => Some(0),
        b'0'..=b'9' => Some(u32::from(symbol - b'0')),
        b'A'..=b'Z' => Some(u32::from(symbol - b'A') + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_the_specimens_of_icao_9303() {
        let passport = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10";
        assert!(mrz_keys_hold(passport.as_bytes()));
        let card = "I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<";
        assert!(mrz_keys_hold(card.as_bytes()));
    }

    #[test]
    fn accepts_the_french_card_and_sees_one_wrong_digit() {
        let card = "IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<8806923102858CORINNE<<<<<<<6512068F6";
        assert!(mrz_keys_hold(card.as_bytes()));
        assert!(!mrz_keys_hold(card.replace("651206", "651207").as_bytes()));
    }
}
