//! Health professionals: the RPPS number, eleven digits that begin with 1.

use super::{Soundness, number_at};

pub fn judge_rpps(symbols: &[u8]) -> Soundness {
    Soundness::sound_if(
        symbols.len() == 11 && symbols.starts_with(b"1") && number_at(symbols, 0..11).is_some(),
    )
}
