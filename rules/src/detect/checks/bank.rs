//! The French RIB: bank (5), branch (5), account (11, letters allowed), key (2).

use super::Soundness;

const LENGTH: usize = 23;

pub fn judge_rib(symbols: &[u8]) -> Soundness {
    let (Some(codes), Some(account), Some(key)) =
        (symbols.get(..10), symbols.get(10..21), symbols.get(21..))
    else {
        return Soundness::Wrong;
    };
    let composed = codes.iter().chain(key).all(u8::is_ascii_digit)
        && account.iter().all(u8::is_ascii_alphanumeric);
    // Zeros alone are a blank form.
    let is_filled = |part: &[u8]| part.iter().any(|symbol| *symbol != b'0');
    let real = is_filled(codes) && is_filled(account);
    Soundness::sound_if(symbols.len() == LENGTH && composed && real)
}

/// 97 − (89 × bank + 15 × branch + 3 × account) modulo 97, letters read as digits; as a whole number: a multiple of 97.
pub fn rib_key_holds(symbols: &[u8]) -> bool {
    if symbols.len() != LENGTH {
        return false;
    }
    symbols.iter().try_fold(0u32, |remainder, symbol| {
        Some((remainder * 10 + account_digit(*symbol)?) % 97)
    }) == Some(0)
}

/// A to I are 1 to 9, J to R 1 to 9, S to Z 2 to 9.
fn account_digit(symbol: u8) -> Option<u32> {
    let digit = match symbol {
        b'0'..=b'9' => symbol - b'0',
        b'A'..=b'I' => symbol - b'A' + 1,
        b'J'..=b'R' => symbol - b'J' + 1,
        b'S'..=b'Z' => symbol - b'S' + 2,
        _ => return None,
    };
    Some(u32::from(digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_an_account_with_a_letter() {
        assert_eq!(judge_rib(b"20041010050500013M02606"), Soundness::Sound);
        assert!(rib_key_holds(b"20041010050500013M02606"));
        assert!(!rib_key_holds(b"20041010050500013M02607"));
    }

    #[test]
    fn refuses_a_blank_form() {
        assert_eq!(judge_rib(b"00000000000000000000000"), Soundness::Wrong);
    }
}
