//! Archives: each file in them is a member, told by its content like any file.

pub(super) mod zip;
