//! People of the Éducation nationale: the NUMEN.

use super::{Soundness, number_at};

/// The académie that gave it (01 to 33, 43 for Mayotte), a letter for the information system, the year, five digits and three letters.
pub fn judge_numen(symbols: &[u8]) -> Soundness {
    let academy = matches!(number_at(symbols, 0..2), Some(1..=33 | 43));
    let system = symbols.get(2).is_some_and(u8::is_ascii_uppercase);
    let digits = number_at(symbols, 3..10).is_some();
    let letters = symbols
        .get(10..13)
        .is_some_and(|letters| letters.iter().all(u8::is_ascii_uppercase));
    Soundness::sound_if(symbols.len() == 13 && academy && system && digits && letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_academy_begins_it() {
        assert_eq!(judge_numen(b"17E0501234ABC"), Soundness::Sound);
        assert_eq!(judge_numen(b"43G1201234ABC"), Soundness::Sound);
        assert_eq!(judge_numen(b"47E0501234ABC"), Soundness::Wrong);
        assert_eq!(judge_numen(b"17E0501234AB1"), Soundness::Wrong);
    }
}
