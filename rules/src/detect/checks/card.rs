//! Payment cards: issuer ranges, and the numbers that everybody publishes.

use super::{Soundness, number_at};

/// Documented by payment providers for tests; they open no account.
const PUBLISHED: &[&str] = &[
    "4111111111111111",
    "4242424242424242",
    "4012888888881881",
    "4000056655665556",
    "4000002500003155",
    "4000000000000002",
    "4000000000009995",
    "4000002760003184",
    "4000000000003220",
    "4917610000000000",
    "4462030000000000",
    "4917300800000000",
    "4970100000000154",
    "4970101122334422",
    "4970110000001003",
    "4974934125497800",
    "5017674000000002",
    "5555555555554444",
    "5105105105105100",
    "5200828282828210",
    "5454545454545454",
    "5431111111111111",
    "5500000000000004",
    "5424000000000015",
    "5555341244441115",
    "2223003122003222",
    "2223000048400011",
    "2222400070000005",
    "2720992593319364",
    "378282246310005",
    "371449635398431",
    "378734493671000",
    "370000000000002",
    "341111111111111",
    "6011111111111117",
    "6011000990139424",
    "3056930009020004",
    "30569309025904",
    "38520000023237",
    "36227206271667",
    "3566002020360505",
    "3530111333300000",
    "6200000000000005",
    "4444333322221111",
    "4532015112830366",
    "4539578763621486",
    "4716258050958645",
    "4485275742308327",
    "4929420573595709",
    "4000000000000077",
    "4000000000000119",
    "4005519200000004",
    "4009348888881881",
    "4012000033330026",
    "4500600000000061",
    "4911830000000",
    "4222222222222",
    "5019717010103742",
    "6331101999990016",
    "76009244561",
];

/// The networks seen in France by their public ranges: Visa, Mastercard and American Express; then those that are rare here and
/// whose openings counters share (Maestro, UnionPay, JCB, Discover, Diners Club), and Visa's rare lengths.
pub fn judge(symbols: &[u8]) -> Soundness {
    let (Some(first_two), Some(first_four)) = (number_at(symbols, 0..2), number_at(symbols, 0..4))
    else {
        return Soundness::Wrong;
    };
    let soundness = match (symbols.len(), first_two, first_four) {
        (16, 40..=49 | 51..=55, _) | (16, _, 2221..=2720) | (15, 34 | 37, _) => Soundness::Sound,
        (13 | 19, 40..=49, _) => Soundness::Doubtful,
        (16 | 19, 50 | 56..=58 | 60 | 62 | 63 | 65 | 67, _) => Soundness::Doubtful,
        (16, _, 3528..=3589 | 6440..=6499) => Soundness::Doubtful,
        (14, 36 | 38 | 39, _) | (14, _, 3000..=3059) => Soundness::Doubtful,
        _ => Soundness::Wrong,
    };
    if soundness == Soundness::Wrong || is_published(symbols) || is_repetitive(symbols) {
        return Soundness::Wrong;
    }
    soundness
}

fn is_published(symbols: &[u8]) -> bool {
    PUBLISHED
        .iter()
        .any(|published| published.as_bytes() == symbols)
}

/// A number typed to fill a field: three different digits at most, or a long run of the same.
fn is_repetitive(symbols: &[u8]) -> bool {
    let distinct = (b'0'..=b'9')
        .filter(|digit| symbols.contains(digit))
        .count();
    let longest = symbols
        .chunk_by(|a, b| a == b)
        .map(<[u8]>::len)
        .max()
        .unwrap_or(0);
    distinct <= 3 || longest >= 7
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::checks::luhn_holds;

    #[test]
    fn knows_issuers_and_published_numbers() {
        assert_eq!(judge(b"4970104598213672"), Soundness::Sound);
        assert_eq!(judge(b"4111111111111111"), Soundness::Wrong);
        assert_eq!(judge(b"9970104598213672"), Soundness::Wrong);
        assert_eq!(judge(b"2720104598213672"), Soundness::Sound);
        assert_eq!(judge(b"2721104598213672"), Soundness::Wrong);
        assert_eq!(judge(b"36104598213672"), Soundness::Doubtful);
        assert!(luhn_holds(b"4111111111111111"));
    }
}
