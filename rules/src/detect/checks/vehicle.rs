//! Vehicle plates: since 2009 (SIV), two letters, three digits, two letters; before (FNI), a count, letters, a department.

use super::identity::is_department;
use super::{Soundness, number_at};

/// I, O and U are never used, nor SS; nor 000.
pub fn judge_plate(symbols: &[u8]) -> Soundness {
    let &[a, b, x, y, z, c, d] = symbols else {
        return Soundness::Wrong;
    };
    let allowed = [a, b, c, d].iter().all(|letter| is_used(*letter));
    let never = [a, b] == *b"SS" || [c, d] == *b"SS" || [x, y, z] == *b"000";
    let digits = [x, y, z].iter().all(u8::is_ascii_digit);
    Soundness::sound_if(allowed && digits && !never)
}

/// One to four digits, two or three letters, then the department, overseas in three digits.
pub fn judge_fni(symbols: &[u8]) -> Soundness {
    let count = symbols
        .iter()
        .take_while(|symbol| symbol.is_ascii_digit())
        .count();
    let (Some(rank), Some(rest)) = (number_at(symbols, 0..count), symbols.get(count..)) else {
        return Soundness::Wrong;
    };
    // Corsica's letter belongs to the department, not to the series.
    let letters = rest
        .iter()
        .take_while(|symbol| symbol.is_ascii_uppercase())
        .count();
    let (Some(series), Some(department)) = (rest.get(..letters), rest.get(letters..)) else {
        return Soundness::Wrong;
    };
    let issued = match department {
        [b'9', b'7', last] => matches!(last, b'1'..=b'8'),
        [_, _] => is_department(department) && !matches!(department, b"97" | b"98" | b"99"),
        _ => false,
    };
    let composed = (1..=4).contains(&count) && (2..=3).contains(&letters) && rank > 0;
    Soundness::sound_if(composed && issued && series.iter().all(|letter| is_used(*letter)))
}

/// I, O and U look like 1, 0 and V.
fn is_used(letter: u8) -> bool {
    letter.is_ascii_uppercase() && !matches!(letter, b'I' | b'O' | b'U')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_letters_that_are_never_used() {
        assert_eq!(judge_plate(b"AB123CD"), Soundness::Sound);
        assert_eq!(judge_plate(b"WW123CD"), Soundness::Sound);
        for plate in ["AI123CD", "AB123CO", "SS123AB", "AB000CD", "AB12CD"] {
            assert_eq!(judge_plate(plate.as_bytes()), Soundness::Wrong, "{plate}");
        }
    }

    #[test]
    fn a_plate_before_2009_ends_with_its_department() {
        for plate in ["1234AB27", "123ABC75", "1ZZ2A", "98XYZ971"] {
            assert_eq!(judge_fni(plate.as_bytes()), Soundness::Sound, "{plate}");
        }
        for plate in [
            "0AB27",
            "1234AB00",
            "1234AB96",
            "1234AO27",
            "12345AB27",
            "1234ABCD27",
            "1234A27",
            "1234AB979",
        ] {
            assert_eq!(judge_fni(plate.as_bytes()), Soundness::Wrong, "{plate}");
        }
    }
}
