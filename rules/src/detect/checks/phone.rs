//! French phone numbers, by territory: ten national digits, or a country code and the digits after the zero.

use super::{Soundness, number_at};

/// Overseas territories outside of the national plan: six digits after the code.
const SIX_DIGITS: &[&[u8]] = &[b"508", b"687"];
const NINE_DIGITS: &[&[u8]] = &[b"262", b"590", b"594", b"596"];
const EIGHT_DIGITS: &[&[u8]] = &[b"689"];

/// National (0…), +33…, 0033…, +262, +590, +594, +596 and the like.
pub fn judge(symbols: &[u8]) -> Soundness {
    let international = symbols.strip_prefix(b"00").unwrap_or(symbols);
    match (symbols.len(), symbols.first()) {
        (10, Some(b'0')) if symbols.get(1) != Some(&b'0') => judge_national(symbols),
        _ => judge_international(international),
    }
}

/// The ten digits that people dial in France; other numbers as they are, without 00.
pub(super) fn national(symbols: &[u8]) -> Vec<u8> {
    let international = symbols.strip_prefix(b"00").unwrap_or(symbols);
    let code = international.get(..3).unwrap_or_default();
    let after_code = match international.strip_prefix(b"33") {
        Some(rest) => rest.strip_prefix(b"0").unwrap_or(rest),
        None if NINE_DIGITS.contains(&code) && symbols.len() >= 12 => {
            international.get(3..).unwrap_or_default()
        }
        None => return international.to_vec(),
    };
    [b"0", after_code].concat()
}

/// 08 is for companies and 01 02 03 04 05 for counting.
fn judge_national(digits: &[u8]) -> Soundness {
    if number_at(digits, 0..10).is_none() || is_filler(digits) {
        return Soundness::Wrong;
    }
    let second = digits.get(2);
    match digits.get(1) {
        Some(b'8') => Soundness::Doubtful,
        // 0700 is for machines, 0701 to 0729 are not given.
        Some(b'7') if matches!(second, Some(b'0'..=b'2')) => Soundness::Doubtful,
        Some(b'1'..=b'5') if second == Some(&b'0') && digits.get(3) == Some(&b'0') => {
            Soundness::Doubtful
        }
        _ if rises_like_a_list(digits) => Soundness::Doubtful,
        Some(b'1'..=b'7' | b'9') => Soundness::Sound,
        _ => Soundness::Wrong,
    }
}

fn judge_international(digits: &[u8]) -> Soundness {
    if let Some(rest) = digits.strip_prefix(b"33") {
        let mut national = [b'0'; 10];
        let rest = rest.strip_prefix(b"0").unwrap_or(rest);
        if rest.len() != 9 || rest.first() == Some(&b'0') {
            return Soundness::Wrong;
        }
        national[1..].copy_from_slice(rest);
        return match judge_national(&national) {
            Soundness::Wrong => Soundness::Wrong,
            _ => Soundness::Sound,
        };
    }
    let territory = digits.get(..3).unwrap_or_default();
    let expected = match territory {
        code if NINE_DIGITS.contains(&code) => 9,
        code if SIX_DIGITS.contains(&code) => 6,
        code if EIGHT_DIGITS.contains(&code) => 8,
        _ => return Soundness::Wrong,
    };
    let rest = digits.get(3..).unwrap_or_default();
    Soundness::sound_if(rest.len() == expected && rest.first() != Some(&b'0'))
}

/// The same digit over and over, or pairs that go up or down by the same step (01 02 03 04 05, 01 23 45 67 89).
fn is_filler(digits: &[u8]) -> bool {
    let rest = digits.get(2..).unwrap_or_default();
    if rest.iter().all(|digit| Some(digit) == rest.first()) {
        return true;
    }
    let pairs = pairs(digits);
    let step = pairs[1].wrapping_sub(pairs[0]);
    pairs
        .windows(2)
        .all(|two| two[1].wrapping_sub(two[0]) == step)
}

/// Five small numbers in order: more often rows, days or offices than a phone.
fn rises_like_a_list(digits: &[u8]) -> bool {
    let pairs = pairs(digits);
    pairs.windows(2).all(|two| two[0] < two[1]) && pairs[4] <= 49
}

fn pairs(digits: &[u8]) -> [u64; 5] {
    std::array::from_fn(|index| number_at(digits, 2 * index..2 * index + 2).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_canonical_form() {
        for phone in ["0612345678", "33612345678", "0033612345678", "330612345678"] {
            assert_eq!(national(phone.as_bytes()), b"0612345678", "{phone}");
        }
        assert_eq!(national(b"262692123456"), b"0692123456");
    }

    #[test]
    fn knows_the_plan() {
        for phone in [
            "0612345678",
            "33612345678",
            "0033612345678",
            "330612345678",
            "262692123456",
            "508412345",
            "0199001234",
        ] {
            assert_eq!(judge(phone.as_bytes()), Soundness::Sound, "{phone}");
        }
        for phone in [
            "0012345678",
            "33012345678",
            "0102030405",
            "0123456789",
            "0611111111",
            "44207946095",
        ] {
            assert_eq!(judge(phone.as_bytes()), Soundness::Wrong, "{phone}");
        }
        for phone in ["0800123457", "0103070912", "0701234568"] {
            assert_eq!(judge(phone.as_bytes()), Soundness::Doubtful, "{phone}");
        }
    }
}
