//! One file of the share before it is written: path, marked text or raw bytes, encoding, expected verdict.

use anyhow::Context;

use crate::encoding::Encoding;
use crate::manifest::{TownFile, Verdict};
use crate::mark::{Resolved, resolve};
use crate::table::Table;

#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) path: String,
    content: Content,
    encoding: Encoding,
    delimiter: Option<char>,
    verdict: Verdict,
    also_right: Vec<Verdict>,
}

#[derive(Debug)]
enum Content {
    Marked(String),
    Bytes(Vec<u8>),
}

impl Page {
    pub(crate) fn text(path: impl Into<String>, marked: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            content: Content::Marked(marked.into()),
            encoding: Encoding::Utf8,
            delimiter: None,
            verdict: Verdict::Read,
            also_right: Vec::new(),
        }
    }

    pub(crate) fn table(path: impl Into<String>, table: Table) -> Self {
        Self {
            delimiter: Some(table.delimiter),
            ..Self::text(path, table.text)
        }
    }

    pub(crate) fn bytes(path: impl Into<String>, bytes: Vec<u8>, verdict: Verdict) -> Self {
        Self {
            content: Content::Bytes(bytes),
            encoding: Encoding::Binary,
            verdict,
            ..Self::text(path, "")
        }
    }

    pub(crate) fn encoded(self, encoding: Encoding) -> Self {
        Self { encoding, ..self }
    }

    pub(crate) fn excluded(self) -> Self {
        Self {
            verdict: Verdict::Excluded,
            ..self
        }
    }

    /// A second verdict that is as right as the first.
    pub(crate) fn or(mut self, verdict: Verdict) -> Self {
        self.also_right.push(verdict);
        self
    }

    /// The bytes to write and their line in the manifest.
    pub(crate) fn finish(self) -> anyhow::Result<(Vec<u8>, TownFile)> {
        let (bytes, resolved) = match self.content {
            Content::Bytes(bytes) => (bytes, Resolved::default()),
            Content::Marked(marked) => {
                let resolved = resolve(&marked, self.delimiter);
                let text = with_line_ends_of(&self.path, &resolved.text);
                let bytes = self
                    .encoding
                    .encode(&text)
                    .with_context(|| format!("cannot write {}", self.path))?;
                (bytes, resolved)
            }
        };
        let size_bytes = bytes.len();
        let file = TownFile::new(
            self.path,
            self.encoding,
            size_bytes,
            self.verdict,
            self.also_right,
            resolved,
        );
        Ok((bytes, file))
    }
}

/// Office and mail files end their lines as Windows does; what servers and tools write does not.
fn with_line_ends_of(path: &str, text: &str) -> String {
    let extension = path
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    match extension.as_str() {
        "txt" | "csv" | "eml" | "vcf" | "ics" | "doc" | "bak" => text.replace('\n', "\r\n"),
        _ => text.to_owned(),
    }
}
