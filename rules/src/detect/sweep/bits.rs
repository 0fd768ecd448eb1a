//! Words of sixty-four bits, one bit a byte of text, the first byte lowest; what stands before and after is in the words beside.
//!
//! Small functions of numbers, for who looks at marks.

use super::WIDTH;

/// So many bits, the first lowest.
#[inline]
pub(in crate::detect) fn first_bits(count: usize) -> u64 {
    if count < WIDTH {
        (1 << count) - 1
    } else {
        u64::MAX
    }
}

/// The bits `distance` places further on, brought here.
pub(in crate::detect) fn ahead(here: u64, after: u64, distance: usize) -> u64 {
    here >> distance | after << (WIDTH - distance)
}

/// The sixty-four bits from the place `bit` on.
#[inline(always)]
pub(in crate::detect) fn window(here: u64, after: u64, bit: usize) -> u64 {
    here >> bit | after << 1 << (WIDTH - 1 - bit)
}

/// The bits that follow those of `here`.
pub(in crate::detect) fn follows(here: u64, before: u64) -> u64 {
    here << 1 | before >> (WIDTH - 1)
}

/// The bits `distance` places further back, brought here.
#[inline]
pub(in crate::detect) fn behind(here: u64, before: u64, distance: usize) -> u64 {
    here << distance | before >> (WIDTH - distance)
}

/// The bits from which `length` in a row are set, a block at most.
#[inline(always)]
pub(in crate::detect) fn in_a_row(here: u64, after: u64, length: u32) -> u64 {
    let (mut here, mut after, mut done) = (here, after, 1);
    while done < length && here != 0 {
        let step = done.min(length - done);
        if step as usize >= WIDTH {
            return 0;
        }
        here &= ahead(here, after, step as usize);
        after &= after >> step;
        done += step;
    }
    here
}

/// The places of the bits that are set.
pub(in crate::detect) fn bits(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = (word != 0).then(|| word.trailing_zeros() as usize)?;
        word &= word - 1;
        Some(lowest)
    })
}

/// The bits in a row that end before the place `end`.
#[inline]
pub(in crate::detect) fn run_before(bits: u64, end: usize) -> u64 {
    if end == 0 {
        return 0;
    }
    let length = (bits << (WIDTH - end)).leading_ones() as usize;
    first_bits(end) & !first_bits(end - length)
}
