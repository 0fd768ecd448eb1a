//! What Windows says of files, understood without Windows: `windows` asks, this understands, and is tested anywhere.

pub(super) mod attributes;
pub(super) mod names;
pub(super) mod sddl;
