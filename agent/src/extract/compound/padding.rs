//! What stands behind the last sector in the table of sectors. It says that nothing is there ([MS-CFB] 2.3); SheetJS, with which
//! web applications export `.xls`, writes there that a chain ends, and `cfb` takes that for sectors that are missing.

use std::io::{self, Read, Seek, SeekFrom};

use crate::extract::bytes::{size_at, u16_at, u32_at};
use crate::extract::source::Anywhere;

const HEADER: usize = 512;
const FREE: [u8; 4] = [0xff; 4];
const END_OF_CHAIN: u32 = 0xffff_fffe;
/// Sectors of the table that the header names; the larger files that name more elsewhere are left as they are.
const MOST_NAMED: usize = 109;

/// The same file, sound in this place.
pub(super) fn mended(mut file: Anywhere<'_>) -> io::Result<Anywhere<'_>> {
    let size_bytes = file.seek(SeekFrom::End(0))?;
    let table = last_of_table(&mut file, size_bytes)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(match table {
        Some((place, bytes)) => file.with(place, bytes),
        None => file,
    })
}

/// The place and the entries that are wrong.
fn last_of_table(file: &mut Anywhere<'_>, size_bytes: u64) -> io::Result<Option<(u64, Vec<u8>)>> {
    let mut header = [0; HEADER];
    file.seek(SeekFrom::Start(0))?;
    if file.read_exact(&mut header).is_err() {
        return Ok(None);
    }
    let Some((place, sector, entry)) = place(&header, size_bytes) else {
        return Ok(None);
    };
    file.seek(SeekFrom::Start(place))?;
    let mut bytes = vec![0; sector];
    if file.read_exact(&mut bytes).is_err() {
        return Ok(None);
    }
    let mut behind = bytes.split_off((4 * entry).min(sector));
    if u32_at(&behind, 0) != Some(END_OF_CHAIN) {
        return Ok(None);
    }
    let (entries, _) = behind.as_chunks_mut::<4>();
    entries.fill(FREE);
    let at = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    Ok(Some((place.saturating_add(at), behind)))
}

/// Where the last sector of the table is, how long it is, and which of its entries is the first behind the file.
fn place(header: &[u8], size_bytes: u64) -> Option<(u64, usize, usize)> {
    let sector = match u16_at(header, 30)? {
        9 => 512,
        12 => 4096,
        _ => return None,
    };
    let last = size_at(header, 44)?.checked_sub(1)?;
    let number = u32_at(
        header,
        76 + 4 * Some(last).filter(|last| *last < MOST_NAMED)?,
    )?;
    let wide = u64::try_from(sector).ok()?;
    let sectors = size_bytes.div_ceil(wide).checked_sub(1)?;
    let before = last.checked_mul(sector / 4)?;
    let entry = usize::try_from(sectors).ok()?.checked_sub(before)?;
    let place = (u64::from(number) + 1).checked_mul(wide)?;
    (4 * entry < sector).then_some((place, sector, entry))
}
