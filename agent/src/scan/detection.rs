//! From the segments of a file to what was found in it and in its members.

use beffroi_rules::detect::{Allowed, Content, Document, Engine, Part};

use super::verdict::{Reason, Verdict};
use crate::extract::{Coverage, Limit, Outcome, Receiver};

/// Gives each file, outer or inner, a document of its own.
pub(super) struct Detection<'e> {
    engine: &'e Engine,
    allowed: Option<&'e Allowed>,
    outer: Document<'e>,
    /// The members being read, the innermost last.
    open: Vec<(String, Document<'e>)>,
    members: Vec<Member>,
}

/// A file inside a file, read.
pub(super) struct Member {
    /// Below the outer file: `member`, or `member!inner`.
    pub(super) name: String,
    pub(super) size_bytes: u64,
    pub(super) media_type: Option<String>,
    pub(super) verdict: Verdict,
    pub(super) reason: Option<Reason>,
    pub(super) detail: Option<String>,
    pub(super) content: Content,
}

impl<'e> Detection<'e> {
    pub(super) fn new(engine: &'e Engine, allowed: Option<&'e Allowed>) -> Self {
        Self {
            engine,
            allowed,
            outer: document(engine, allowed),
            open: Vec::new(),
            members: Vec::new(),
        }
    }

    /// What the outer file holds, and its members. A member that was being read when reading stopped is partly read, for
    /// the same reason.
    pub(super) fn finish(mut self, interrupted: Reason) -> (Content, Vec<Member>) {
        while let Some((name, document)) = self.open.pop() {
            let name = self.full_name(&name);
            self.members.push(Member {
                name,
                size_bytes: 0,
                media_type: None,
                verdict: Verdict::PartlyRead,
                reason: Some(interrupted),
                detail: None,
                content: document.finish(),
            });
        }
        (self.outer.finish(), self.members)
    }

    fn document(&mut self) -> &mut Document<'e> {
        match self.open.last_mut() {
            Some((_, document)) => document,
            None => &mut self.outer,
        }
    }

    fn full_name(&self, name: &str) -> String {
        let outer = self.open.iter().map(|(name, _)| name.as_str());
        outer.chain([name]).collect::<Vec<_>>().join("!")
    }
}

impl Receiver for Detection<'_> {
    fn begin_text(&mut self, within: Option<&str>) {
        self.document().begin(Part::Text { within });
    }

    fn text(&mut self, chunk: &str) {
        self.document().text(chunk);
    }

    fn begin_table(&mut self, within: Option<&str>, first_row: u64) {
        self.document().begin(Part::Table { within, first_row });
    }

    fn row(&mut self, cells: &[&str]) {
        self.document().row(cells);
    }

    fn begin_member(&mut self, name: &str) {
        let document = document(self.engine, self.allowed);
        self.open.push((name.to_owned(), document));
    }

    fn end_member(&mut self, outcome: &Outcome<'_>, size_bytes: u64) {
        let Some((name, document)) = self.open.pop() else {
            return;
        };
        let (verdict, reason) = judge(outcome.coverage);
        self.members.push(Member {
            name: self.full_name(&name),
            size_bytes,
            media_type: Some(outcome.media_type.to_owned()),
            verdict,
            reason,
            detail: outcome.detail(),
            content: document.finish(),
        });
    }
}

fn document<'e>(engine: &'e Engine, allowed: Option<&'e Allowed>) -> Document<'e> {
    let document = engine.document();
    match allowed {
        Some(allowed) => document.allowing(allowed),
        None => document,
    }
}

/// The verdict on a file that was read without trouble from its disk.
pub(super) fn judge(coverage: Coverage) -> (Verdict, Option<Reason>) {
    match coverage {
        Coverage::Whole => (Verdict::Read, None),
        Coverage::Damaged => (Verdict::PartlyRead, Some(Reason::Damaged)),
        Coverage::TooDeep => (Verdict::PartlyRead, Some(Reason::NestedTooDeep)),
        Coverage::Limited(Limit::Expansion) => (Verdict::PartlyRead, Some(Reason::ArchiveBomb)),
        Coverage::Limited(_) => (Verdict::PartlyRead, Some(Reason::LimitReached)),
        Coverage::Encrypted => (Verdict::Encrypted, Some(Reason::PasswordProtected)),
        Coverage::Scanned { pages, of } if pages == of => {
            (Verdict::Unsupported, Some(Reason::Scanned))
        }
        Coverage::Picture => (Verdict::Unsupported, Some(Reason::Scanned)),
        Coverage::Scanned { .. } => (Verdict::PartlyRead, Some(Reason::Scanned)),
        Coverage::Unsupported => (Verdict::Unsupported, Some(Reason::UnsupportedType)),
    }
}
