//! Vehicle plates since 2009 (SIV): two letters, three digits, two letters.

use super::Soundness;

/// I, O and U are never used, nor SS; nor 000.
pub fn judge_plate(symbols: &[u8]) -> Soundness {
    let &[a, b, x, y, z, c, d] = symbols else {
        return Soundness::Wrong;
    };
    let letters = [a, b, c, d];
    let allowed = letters
        .iter()
        .all(|letter| letter.is_ascii_uppercase() && !matches!(letter, b'I' | b'O' | b'U'));
    let never = [a, b] == *b"SS" || [c, d] == *b"SS" || [x, y, z] == *b"000";
    let digits = [x, y, z].iter().all(u8::is_ascii_digit);
    Soundness::sound_if(allowed && digits && !never)
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
}
