//! Files of records: tables with titles, every row of them, those that were deleted included where they are still there.

pub(super) mod access;
pub(super) mod dbase;
pub(super) mod sqlite;
