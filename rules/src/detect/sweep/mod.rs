//! The first look at a text: what sort of byte stands where.
//!
//! Comes in: bytes. Goes out, for each sixty-four of them, one word of sixty-four bits per sort ([`Marks`]). Every processor
//! gives the same marks: [`Processor::Portable`] is the definition, the others are compared with it.

#[cfg(target_arch = "x86_64")]
mod avx2;
pub(super) mod bits;
mod portable;

/// How many bytes are looked at together.
pub(super) const WIDTH: usize = 64;

/// The first byte of the letters from U+00C0 to U+00FF.
const ACCENTS: u8 = 0xc3;

/// One bit a byte, the first byte lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Marks {
    pub digits: u64,
    /// ASCII, both cases.
    pub letters: u64,
    /// ASCII.
    pub capitals: u64,
    /// Bytes of what is not ASCII.
    pub others: u64,
    /// The first bytes of most letters with accents, U+00C0 to U+00FF.
    pub accents: u64,
    /// `@`
    pub signs: u64,
    /// `<`
    pub fillers: u64,
    /// What may stand between two groups of digits: space, dot, dash, slash.
    pub joints: u64,
    /// `.`
    pub dots: u64,
    /// What may begin the escape of such: `& \ = % ( )`.
    pub escapes: u64,
}

/// Who looks at the marks. No closure: only a function that is inlined by order is compiled for each processor.
pub(super) trait Visitor {
    /// The next sixty-four bytes, and those around them: nothing is marked before the first and after the last.
    fn take(&mut self, before: &Marks, here: &Marks, after: &Marks);
}

/// The last marks seen; a block is shown when the next one is known.
#[derive(Default)]
struct Last {
    before: Marks,
    here: Option<Marks>,
}

impl Last {
    #[inline(always)]
    fn push(&mut self, after: Marks, visitor: &mut impl Visitor) {
        if let Some(here) = self.here.replace(after) {
            visitor.take(&self.before, &here, &after);
            self.before = here;
        }
    }

    #[inline(always)]
    fn finish(mut self, visitor: &mut impl Visitor) {
        self.push(Marks::default(), visitor);
    }
}

/// What the machine can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Processor {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
}

impl Processor {
    /// What this machine can do, asked when it runs.
    pub(super) fn of_this_machine() -> Self {
        #[cfg(target_arch = "x86_64")]
        if avx2::is_there() {
            return Self::Avx2;
        }
        Self::Portable
    }

    /// Shows the marks of every sixty-four bytes to `visitor`; the last are filled up with line ends.
    pub(super) fn sweep(self, bytes: &[u8], visitor: &mut impl Visitor) {
        let (blocks, tail) = bytes.as_chunks::<WIDTH>();
        let last = (!tail.is_empty()).then(|| filled_up(tail));
        match self {
            Self::Portable => {
                let mut seen = Last::default();
                for block in blocks.iter().chain(&last) {
                    seen.push(portable::marks(block), visitor);
                }
                seen.finish(visitor);
            }
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => avx2::sweep(blocks.iter().chain(&last), visitor),
        }
    }
}

fn filled_up(tail: &[u8]) -> [u8; WIDTH] {
    let mut block = [b'\n'; WIDTH];
    if let Some(head) = block.get_mut(..tail.len()) {
        head.copy_from_slice(tail);
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, without any trick.
    fn plain(bytes: &[u8]) -> Vec<Marks> {
        let marks = bytes.chunks(WIDTH).map(|block| {
            let bits = |is: fn(u8) -> bool| {
                block.iter().enumerate().fold(0, |bits, (index, byte)| {
                    bits | u64::from(is(*byte)) << index
                })
            };
            Marks {
                digits: bits(|byte| byte.is_ascii_digit()),
                letters: bits(|byte| byte.is_ascii_alphabetic()),
                capitals: bits(|byte| byte.is_ascii_uppercase()),
                others: bits(|byte| !byte.is_ascii()),
                accents: bits(|byte| byte == 0xc3),
                signs: bits(|byte| byte == b'@'),
                fillers: bits(|byte| byte == b'<'),
                joints: bits(|byte| b" .-/".contains(&byte)),
                dots: bits(|byte| byte == b'.'),
                escapes: bits(|byte| b"&\\=%()".contains(&byte)),
            }
        });
        marks.collect()
    }

    impl Visitor for Vec<Marks> {
        fn take(&mut self, before: &Marks, here: &Marks, _after: &Marks) {
            assert_eq!(self.last().copied().unwrap_or_default(), *before);
            self.push(*here);
        }
    }

    fn seen_by(processor: Processor, bytes: &[u8]) -> Vec<Marks> {
        let mut marks = Vec::new();
        processor.sweep(bytes, &mut marks);
        marks
    }

    #[test]
    fn every_processor_sees_what_a_plain_loop_sees() {
        let mut state = 1u64;
        let mut byte = |round: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let random = state.to_be_bytes()[3];
            if round.is_multiple_of(2) {
                random
            } else {
                let edges = b"09/:@AZ[`az{ .-,<;=&\\%('\x7f\x80\xc2\xc3\xff\n\0";
                edges[usize::from(random) % edges.len()]
            }
        };
        let random = (0..3_000).map(|round| (0..round % 300).map(|_| byte(round)).collect());
        let alike = (0..=255).map(|byte| vec![byte; WIDTH + 1]);
        for bytes in random.chain(alike) {
            let expected = plain(&bytes);
            assert_eq!(seen_by(Processor::Portable, &bytes), expected, "{bytes:?}");
            assert_eq!(
                seen_by(Processor::of_this_machine(), &bytes),
                expected,
                "{bytes:?}"
            );
        }
    }
}
