//! File attributes of Windows ([MS-FSCC] 2.6), without Windows.

/// Archived on tape or in a cloud, of old.
const OFFLINE: u32 = 0x1000;
/// Opening it fetches it.
const RECALL_ON_OPEN: u32 = 0x4_0000;
/// Reading it fetches it: what OneDrive and its like leave in place of a file.
const RECALL_ON_DATA_ACCESS: u32 = 0x40_0000;

/// Whether reading the file would fetch it from another machine first.
pub(in crate::platform) fn content_is_elsewhere(attributes: u32) -> bool {
    attributes & (OFFLINE | RECALL_ON_OPEN | RECALL_ON_DATA_ACCESS) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_known_by_their_attributes() {
        // `attrib` of a file « available online only », and of the same kept on the device: O and P differ.
        const ARCHIVE: u32 = 0x20;
        const SPARSE: u32 = 0x200;
        const REPARSE: u32 = 0x400;
        const PINNED: u32 = 0x8_0000;
        const UNPINNED: u32 = 0x10_0000;
        let online = ARCHIVE | SPARSE | REPARSE | OFFLINE | UNPINNED | RECALL_ON_DATA_ACCESS;
        assert!(content_is_elsewhere(online));
        assert!(content_is_elsewhere(ARCHIVE | RECALL_ON_OPEN));
        assert!(!content_is_elsewhere(ARCHIVE | REPARSE | PINNED));
    }
}
