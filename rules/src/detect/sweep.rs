//! The first look at a text: where do numbers begin, where are the `@` and the `<`?
//!
//! Sixty-four bytes give three words of sixty-four bits. Eight bytes are compared at a time inside an ordinary integer
//! (SWAR), so that the code is safe, the same on every processor, and several times faster than byte by byte.

/// How many bytes are looked at together.
pub(super) const WIDTH: usize = 64;

/// One bit a byte, the first byte lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Marks {
    pub digits: u64,
    pub signs: u64,
    pub fillers: u64,
}

impl Marks {
    /// Looks at sixty-four bytes.
    pub(super) fn of(block: &[u8; WIDTH]) -> Self {
        let mut marks = Self::default();
        let (words, _) = block.as_chunks::<8>();
        for (index, word) in words.iter().enumerate() {
            let word = u64::from_le_bytes(*word);
            let shift = 8 * index;
            marks.digits |= gather(below(word ^ (EACH * 0x30), 10)) << shift;
            marks.signs |= gather(below(word ^ (EACH * 0x40), 1)) << shift;
            marks.fillers |= gather(below(word ^ (EACH * 0x3c), 1)) << shift;
        }
        marks
    }

    /// The bytes that begin a number, an address or a machine-readable line: a digit or a `<` after something else, every `@`.
    /// `before` are the marks of the sixty-four bytes before.
    pub(super) fn anchors(self, before: Self) -> u64 {
        let digits = self.digits & !(self.digits << 1 | before.digits >> 63);
        let fillers = self.fillers & !(self.fillers << 1 | before.fillers >> 63);
        digits | fillers | self.signs
    }
}

/// The lowest bit of every byte.
const EACH: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = EACH << 7;

/// The high bit of every byte of `word` that is below `limit` (at most 128).
fn below(word: u64, limit: u64) -> u64 {
    let carried = (word & !HIGH) + EACH * (128 - limit);
    !(carried | word) & HIGH
}

/// The high bits of the eight bytes, side by side.
fn gather(high: u64) -> u64 {
    (high >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same, byte by byte.
    fn plain(block: &[u8; WIDTH]) -> Marks {
        let mut marks = Marks::default();
        for (index, byte) in block.iter().enumerate() {
            marks.digits |= u64::from(byte.is_ascii_digit()) << index;
            marks.signs |= u64::from(*byte == b'@') << index;
            marks.fillers |= u64::from(*byte == b'<') << index;
        }
        marks
    }

    #[test]
    fn sees_what_a_plain_loop_sees() {
        let mut state = 1u64;
        for round in 0..20_000u64 {
            let block: [u8; WIDTH] = std::array::from_fn(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let byte = state.to_be_bytes()[3];
                if round % 2 == 0 {
                    byte
                } else {
                    b"0123456789@</:;?\xb0\xc0"[usize::from(byte) % 18]
                }
            });
            assert_eq!(Marks::of(&block), plain(&block), "{block:?}");
        }
        for byte in 0..=255 {
            assert_eq!(Marks::of(&[byte; WIDTH]), plain(&[byte; WIDTH]), "{byte}");
        }
    }

    #[test]
    fn a_run_begins_once_even_across_blocks() {
        let digits = Marks::of(&[b'7'; WIDTH]);
        assert_eq!(digits.anchors(Marks::default()), 1);
        assert_eq!(digits.anchors(digits), 0);
        let signs = Marks::of(&[b'@'; WIDTH]);
        assert_eq!(signs.anchors(signs), u64::MAX);
    }
}
