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

use super::{Marks, WIDTH};

pub(super) fn is_there() -> bool {
    is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("popcnt")
}

/// Shows the marks of every block to `visit`. Only for [`super::Processor::Avx2`], which exists where [`is_there`] says so.
pub(super) fn sweep<'a>(blocks: impl Iterator<Item = &'a [u8; WIDTH]>, visit: impl FnMut(Marks)) {
    // SAFETY: `Processor::Avx2` is made by `of_this_machine` alone, after `is_there`.
    unsafe { each(blocks, visit) }
}

/// `visit` is compiled into this function, with what the processor can do.
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
fn each<'a>(blocks: impl Iterator<Item = &'a [u8; WIDTH]>, mut visit: impl FnMut(Marks)) {
    for block in blocks {
        visit(marks(block));
    }
}

#[target_feature(enable = "avx2")]
#[inline]
fn marks(block: &[u8; WIDTH]) -> Marks {
    let (eights, _) = block.as_chunks::<8>();
    let [a, b, c, d, e, f, g, h] = std::array::from_fn(|index| {
        eights
            .get(index)
            .map_or(0, |eight| i64::from_le_bytes(*eight))
    });
    let low = Half(_mm256_set_epi64x(d, c, b, a));
    let high = Half(_mm256_set_epi64x(h, g, f, e));
    let both = |low: u32, high: u32| u64::from(low) | u64::from(high) << 32;
    Marks {
        digits: both(low.between(b'0', 9), high.between(b'0', 9)),
        letters: both(low.letters(), high.letters()),
        capitals: both(low.between(b'A', 25), high.between(b'A', 25)),
        others: both(low.others(), high.others()),
        signs: both(low.equal(b'@'), high.equal(b'@')),
        fillers: both(low.equal(b'<'), high.equal(b'<')),
        joints: both(low.joints(), high.joints()),
        escapes: both(low.escapes(), high.escapes()),
    }
}

/// Thirty-two bytes; each method gives one bit a byte.
#[derive(Clone, Copy)]
struct Half(__m256i);

impl Half {
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

    #[target_feature(enable = "avx2")]
    #[inline]
    fn joints(self) -> u32 {
        self.one_of([b' ', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, b'-', b'.', b'/'])
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn escapes(self) -> u32 {
        self.one_of([
            1, 0, 0, 0, 0, b'%', b'&', 0, b'(', b')', 0, 0, b'\\', b'=', 0, 0,
        ])
    }

    /// The bytes that are the one expected for their lower half; a byte of another lower half fills the places without.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn one_of(self, expected: [u8; 16]) -> u32 {
        let [low, high] = [0, 8].map(|from| {
            i64::from_le_bytes(std::array::from_fn(|index| {
                expected.get(from + index).copied().unwrap_or_default()
            }))
        });
        let expected = _mm256_set_epi64x(high, low, high, low);
        bits(_mm256_cmpeq_epi8(
            self.0,
            _mm256_shuffle_epi8(expected, self.0),
        ))
    }
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
