//! Plain text, as it is.

use std::io;

use super::text::Text;
use super::{Coverage, Receiver};

pub(super) fn extract(mut text: Text<'_>, receiver: &mut dyn Receiver) -> io::Result<Coverage> {
    receiver.begin_text(None);
    while let Some(chunk) = text.next_chunk()? {
        receiver.text(chunk);
    }
    Ok(Coverage::Whole)
}
