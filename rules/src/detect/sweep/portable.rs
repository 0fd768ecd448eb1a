//! The marks on any processor: the sort of each byte, then eight of them turned like a square of eight bits by eight.

use super::{ACCENTS, Marks, WIDTH};

/// Looks at sixty-four bytes.
pub(super) fn marks(block: &[u8; WIDTH]) -> Marks {
    let (eights, _) = block.as_chunks::<8>();
    // One word per sort, in the order of the bits that `sort` gives.
    let mut sorts = [0u64; 8];
    for (index, eight) in eights.iter().enumerate() {
        let turned = turn(u64::from_le_bytes(eight.map(sort)));
        for (sort, row) in sorts.iter_mut().zip(turned.to_le_bytes()) {
            *sort |= u64::from(row) << (8 * index);
        }
    }
    let [
        digits,
        letters,
        capitals,
        others,
        signs_or_accents,
        fillers_or_dots,
        joints,
        escapes,
    ] = sorts;
    Marks {
        digits,
        letters,
        capitals,
        others,
        accents: signs_or_accents & others,
        signs: signs_or_accents & !others,
        fillers: fillers_or_dots & !joints,
        joints,
        dots: fillers_or_dots & joints,
        escapes,
    }
}

fn sort(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => 1,
        b'A'..=b'Z' => 1 << 1 | 1 << 2,
        b'a'..=b'z' => 1 << 1,
        ACCENTS => 1 << 3 | 1 << 4,
        0x80.. => 1 << 3,
        b'@' => 1 << 4,
        b'<' => 1 << 5,
        b'.' => 1 << 5 | 1 << 6,
        b' ' | b'-' | b'/' => 1 << 6,
        b'&' | b'\\' | b'=' | b'%' | b'(' | b')' => 1 << 7,
        _ => 0,
    }
}

/// Rows become columns (H. S. Warren, Hacker's Delight, 7-3).
fn turn(square: u64) -> u64 {
    let swap = |square: u64, mask: u64, distance: u32| {
        let moved = (square ^ (square >> distance)) & mask;
        square ^ moved ^ (moved << distance)
    };
    let square = swap(square, 0x00aa_00aa_00aa_00aa, 7);
    let square = swap(square, 0x0000_cccc_0000_cccc, 14);
    swap(square, 0x0000_0000_f0f0_f0f0, 28)
}
