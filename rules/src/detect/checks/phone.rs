//! French phone numbers, by territory: ten national digits, or a country code and the digits after the zero.
//!
//! The plan is ARCEP's, as google/libphonenumber writes it down (territories FR, GP, GF, MQ, RE, YT, PM, NC, PF, WF): its ranges
//! for people (fixed, mobile, over the internet). Numbers that the plan has not given are doubtful, since it grows; those of
//! companies (08) and short ones are nobody's.

use super::{Soundness, number_at};

/// An overseas numbering: how long its numbers are after the country code, and how they may begin.
struct Overseas {
    code: &'static [u8],
    length: usize,
    openings: &'static [&'static [u8]],
}

const OVERSEAS: &[Overseas] = &[
    Overseas::of(b"262", 9, &[b"26", b"6", b"709", b"9"]),
    Overseas::of(b"590", 9, &[b"59", b"69", b"7090", b"9"]),
    Overseas::of(b"594", 9, &[b"59", b"694", b"7093", b"9"]),
    Overseas::of(b"596", 9, &[b"59", b"69", b"7091", b"9"]),
    Overseas::of(b"508", 6, &[b"2", b"3", b"4", b"5", b"6", b"7", b"8", b"9"]),
    Overseas::of(b"508", 9, &[b"7"]),
    Overseas::of(b"681", 6, &[b"4", b"7", b"8"]),
    Overseas::of(b"687", 6, &[b"2", b"3", b"4", b"5", b"7", b"8", b"9"]),
    Overseas::of(b"689", 6, &[b"4"]),
    Overseas::of(b"689", 8, &[b"4", b"8"]),
];

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
    let shares_the_plan = |code: &[u8]| {
        OVERSEAS
            .iter()
            .any(|territory| territory.code == code && territory.length == 9)
    };
    let after_code = match international.split_first_chunk::<3>() {
        Some((code, rest)) if rest.len() == 9 && shares_the_plan(code) => rest,
        _ => match international.strip_prefix(b"33") {
            Some(rest) if rest.len() >= 9 => rest.strip_prefix(b"0").unwrap_or(rest),
            _ => return international.to_vec(),
        },
    };
    [b"0", after_code].concat()
}

fn judge_national(digits: &[u8]) -> Soundness {
    if is_filler(digits) {
        return Soundness::Wrong;
    }
    match judge_range(digits) {
        Soundness::Sound if rises_like_a_list(digits) => Soundness::Doubtful,
        soundness => soundness,
    }
}

/// What the plan says of the first digits, after the zero.
fn judge_range(digits: &[u8]) -> Soundness {
    if number_at(digits, 0..10).is_none() {
        return Soundness::Wrong;
    }
    match digits.get(1..5) {
        Some([b'8', ..]) => Soundness::Wrong,
        // Overseas; the rest of 070 is for machines, or not given.
        Some([b'7', b'0', b'9', b'0' | b'1' | b'3']) => Soundness::Sound,
        Some([b'7', b'0'..=b'2', ..] | [b'4', b'0', ..]) => Soundness::Doubtful,
        // Local numbers do not begin with a double zero.
        Some([b'1'..=b'5', b'0', b'0', _]) => Soundness::Doubtful,
        Some([b'1'..=b'7' | b'9', ..]) => Soundness::Sound,
        _ => Soundness::Wrong,
    }
}

fn judge_international(digits: &[u8]) -> Soundness {
    if let Some(rest) = digits.strip_prefix(b"33") {
        let rest = rest.strip_prefix(b"0").unwrap_or(rest);
        let mut national = [b'0'; 10];
        if rest.len() != 9 || rest.first() == Some(&b'0') {
            return Soundness::Wrong;
        }
        national[1..].copy_from_slice(rest);
        return if is_filler(&national) {
            Soundness::Wrong
        } else {
            judge_range(&national)
        };
    }
    let Some((code, rest)) = digits.split_first_chunk::<3>() else {
        return Soundness::Wrong;
    };
    let given = OVERSEAS
        .iter()
        .any(|territory| territory.code == code && territory.gives(rest));
    Soundness::sound_if(given && rest.iter().all(u8::is_ascii_digit))
}

impl Overseas {
    const fn of(code: &'static [u8], length: usize, openings: &'static [&'static [u8]]) -> Self {
        Self {
            code,
            length,
            openings,
        }
    }

    fn gives(&self, number: &[u8]) -> bool {
        number.len() == self.length
            && self
                .openings
                .iter()
                .any(|opening| number.starts_with(opening))
    }
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
        assert_eq!(national(b"0508412345"), b"0508412345");
        assert_eq!(national(b"00508412345"), b"508412345");
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
            "508708412345",
            "68940123456",
            "687261234",
            "0199001234",
            "0709012345",
        ] {
            assert_eq!(judge(phone.as_bytes()), Soundness::Sound, "{phone}");
        }
        for phone in [
            "0012345678",
            "33012345678",
            "0102030405",
            "0123456789",
            "0611111111",
            "0800123457",
            "0892123456",
            "33800123457",
            "262092123456",
            "44207946095",
        ] {
            assert_eq!(judge(phone.as_bytes()), Soundness::Wrong, "{phone}");
        }
        for phone in ["0103070912", "0701234568", "0401234568"] {
            assert_eq!(judge(phone.as_bytes()), Soundness::Doubtful, "{phone}");
        }
    }
}
