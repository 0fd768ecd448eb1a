//! Health professionals: the RPPS number, eleven digits that begin with 1; the ADELI number, given by a department.

use super::identity::is_department;
use super::{Soundness, number_at};

pub fn judge_rpps(symbols: &[u8]) -> Soundness {
    Soundness::sound_if(
        symbols.len() == 11 && symbols.starts_with(b"1") && number_at(symbols, 0..11).is_some(),
    )
}

/// Department (9A to 9F overseas), profession, rank. Sources differ on whether the last digit is a key: none is asked for.
pub fn judge_adeli(symbols: &[u8]) -> Soundness {
    let Some(department) = symbols.get(..2) else {
        return Soundness::Wrong;
    };
    let overseas = matches!(department, [b'9', b'A'..=b'F']);
    let digits = symbols.len() == 9 && number_at(symbols, 2..9).is_some();
    Soundness::sound_if(digits && (overseas || is_department(department)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_adeli_number_begins_with_a_department() {
        for number in ["279312345", "2A9312345", "9A9312345"] {
            assert_eq!(judge_adeli(number.as_bytes()), Soundness::Sound, "{number}");
        }
        for number in ["009312345", "3B9312345", "27931234", "2793123A5"] {
            assert_eq!(judge_adeli(number.as_bytes()), Soundness::Wrong, "{number}");
        }
    }
}
