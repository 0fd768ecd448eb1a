//! The marks on processors with AVX2: thirty-two bytes are compared at a time.
//!
//! The one place of this package with `unsafe`: a function that needs AVX2 may only be called where AVX2 is.

#![allow(
    unsafe_code,
    reason = "a function that needs AVX2 is called after asking for it"
)]

use std::arch::x86_64::{
    __m256i, _mm256_cmpeq_epi8, _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256,
    _mm256_set_epi64x, _mm256_set1_epi8, _mm256_shuffle_epi8, _mm256_sub_epi8,
};

use super::{ACCENTS, Last, Marks, Visitor, WIDTH};

pub(super) fn is_there() -> bool {
    is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("popcnt")
}

/// Shows the marks of every block to `visitor`. Only for [`super::Processor::Avx2`], which exists where [`is_there`] says so.
pub(super) fn sweep<'a>(blocks: impl Iterator<Item = &'a [u8; WIDTH]>, visitor: &mut impl Visitor) {
    // SAFETY: `Processor::Avx2` is made by `of_this_machine` alone, after `is_there`.
    unsafe { each(blocks, visitor) }
}

/// The visitor is compiled into this function, with what the processor can do.
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
fn each<'a>(blocks: impl Iterator<Item = &'a [u8; WIDTH]>, visitor: &mut impl Visitor) {
    let mut seen = Last::default();
    for block in blocks {
        seen.push(marks(block), visitor);
    }
    seen.finish(visitor);
}

#[target_feature(enable = "avx2")]
#[inline]
fn marks(block: &[u8; WIDTH]) -> Marks {
    // No closures here: one that is not compiled for AVX2 could not be inlined.
    let (eights, _) = block.as_chunks::<8>();
    let [a, b, c, d, e, f, g, h] = eights else {
        return Marks::default();
    };
    let low = Half::of(a, b, c, d);
    let high = Half::of(e, f, g, h);
    Marks {
        digits: both(low.between(b'0', 9), high.between(b'0', 9)),
        letters: both(low.letters(), high.letters()),
        capitals: both(low.between(b'A', 25), high.between(b'A', 25)),
        others: both(low.others(), high.others()),
        accents: both(low.equal(ACCENTS), high.equal(ACCENTS)),
        signs: both(low.equal(b'@'), high.equal(b'@')),
        fillers: both(low.equal(b'<'), high.equal(b'<')),
        joints: both(low.one_of(&JOINTS), high.one_of(&JOINTS)),
        dots: both(low.equal(b'.'), high.equal(b'.')),
        escapes: both(low.one_of(&ESCAPES), high.one_of(&ESCAPES)),
    }
}

/// Thirty-two bytes; each method gives one bit a byte.
#[derive(Clone, Copy)]
struct Half(__m256i);

impl Half {
    #[target_feature(enable = "avx2")]
    #[inline]
    fn of(a: &[u8; 8], b: &[u8; 8], c: &[u8; 8], d: &[u8; 8]) -> Self {
        Self(_mm256_set_epi64x(
            i64::from_le_bytes(*d),
            i64::from_le_bytes(*c),
            i64::from_le_bytes(*b),
            i64::from_le_bytes(*a),
        ))
    }

    /// From `first` to `first + width`.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn between(self, first: u8, width: u8) -> u32 {
        let shifted = _mm256_sub_epi8(self.0, each_byte(first));
        let within = _mm256_min_epu8(shifted, each_byte(width));
        bits(_mm256_cmpeq_epi8(shifted, within))
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn letters(self) -> u32 {
        Self(_mm256_or_si256(self.0, each_byte(0x20))).between(b'a', 25)
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn others(self) -> u32 {
        bits(self.0)
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn equal(self, byte: u8) -> u32 {
        bits(_mm256_cmpeq_epi8(self.0, each_byte(byte)))
    }

    /// The bytes that are the one expected for their lower half.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn one_of(self, expected: &Expected) -> u32 {
        let [low, high] = expected.0;
        let expected = _mm256_set_epi64x(high, low, high, low);
        bits(_mm256_cmpeq_epi8(
            self.0,
            _mm256_shuffle_epi8(expected, self.0),
        ))
    }
}

/// For each lower half of a byte, the one byte of ours that has it; elsewhere, a byte with another lower half.
struct Expected([i64; 2]);

const JOINTS: Expected = Expected::of(*b" \0\0\0\0\0\0\0", *b"\0\0\0\0\0-./");
const ESCAPES: Expected = Expected::of(*b"\x01\0\0\0\0%&\0", *b"()\0\0\\=\0\0");

impl Expected {
    const fn of(low: [u8; 8], high: [u8; 8]) -> Self {
        Self([i64::from_le_bytes(low), i64::from_le_bytes(high)])
    }
}

#[inline]
fn both(low: u32, high: u32) -> u64 {
    u64::from(low) | u64::from(high) << 32
}

#[target_feature(enable = "avx2")]
#[inline]
fn each_byte(byte: u8) -> __m256i {
    _mm256_set1_epi8(byte.cast_signed())
}

/// The highest bit of each byte.
#[target_feature(enable = "avx2")]
#[inline]
fn bits(bytes: __m256i) -> u32 {
    _mm256_movemask_epi8(bytes).cast_unsigned()
}
