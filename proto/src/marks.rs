//! Whether two sets of marks are of one machine: agent and collector must judge alike.
//!
//! A mark is a kind and a fingerprint; see `MachineMark` of `identity.proto`. A new disk, another card or a new board's
//! serial number change one kind; a copy of the disk on another machine changes all but one.

use std::collections::{BTreeMap, BTreeSet};

/// The mark that comes with a copy of the disk, and that a new installation changes.
pub const INSTALLATION: &str = "installation";

/// How two sets of marks compare, kind by kind. A kind that one side does not know says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Likeness {
    /// Kinds that both sides know.
    pub compared: usize,
    /// Those of which they have a mark in common.
    pub alike: usize,
}

impl Likeness {
    pub fn of<'a>(
        one: impl IntoIterator<Item = (&'a str, &'a [u8])>,
        other: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Self {
        let (one, other) = (by_kind(one), by_kind(other));
        let both = one
            .iter()
            .filter_map(|(kind, marks)| Some((marks, other.get(kind)?)));
        let is_alike = both.map(|(marks, others)| !marks.is_disjoint(others));
        is_alike.fold(
            Self {
                compared: 0,
                alike: 0,
            },
            |likeness, is_alike| Self {
                compared: likeness.compared + 1,
                alike: likeness.alike + usize::from(is_alike),
            },
        )
    }

    /// More than half is the same. Of machines of which nothing can be compared, nothing is said.
    pub fn may_be_one_machine(self) -> bool {
        self.compared == 0 || self.most_is_alike()
    }

    /// The same, but something must speak for it.
    pub fn most_is_alike(self) -> bool {
        2 * self.alike > self.compared
    }
}

fn by_kind<'a>(
    marks: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> BTreeMap<&'a str, BTreeSet<&'a [u8]>> {
    let mut kinds: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for (kind, mark) in marks {
        kinds.entry(kind).or_default().insert(mark);
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    const PC: [(&str, &[u8]); 6] = [
        ("system", b"uuid"),
        ("serial", b"5CG"),
        ("board", b"PGR"),
        ("disk", b"S4E"),
        ("network", b"52:54"),
        (INSTALLATION, b"guid"),
    ];

    fn likeness(changed: &[&str]) -> Likeness {
        let other = PC.map(|(kind, mark)| {
            let is_changed = changed.contains(&kind);
            (
                kind,
                if is_changed {
                    b"other".as_slice()
                } else {
                    mark
                },
            )
        });
        Likeness::of(PC, other)
    }

    #[test]
    fn a_repair_leaves_the_machine_what_it_is() {
        for changed in [
            &["disk"][..],
            &["network"],
            &["system"],
            &[INSTALLATION],
            &["disk", INSTALLATION],
        ] {
            assert!(likeness(changed).may_be_one_machine(), "{changed:?}");
        }
    }

    #[test]
    fn a_copy_of_the_disk_is_another_machine() {
        let copy = likeness(&["system", "serial", "board", "disk", "network"]);
        assert!(!copy.may_be_one_machine());
        // The same disk, put into another machine.
        assert!(!likeness(&["system", "serial", "board", "network"]).may_be_one_machine());
        // Half is not most.
        assert!(!likeness(&["system", "serial", "board"]).may_be_one_machine());
    }

    #[test]
    fn what_one_side_does_not_know_says_nothing() {
        let bare = [("disk", b"S4E".as_slice())];
        let likeness = Likeness::of(PC, bare);
        assert_eq!((likeness.compared, likeness.alike), (1, 1));
        assert!(likeness.may_be_one_machine() && likeness.most_is_alike());
        let nothing = Likeness::of(PC, []);
        assert!(nothing.may_be_one_machine() && !nothing.most_is_alike());
    }

    #[test]
    fn one_of_several_cards_is_enough() {
        let one = [("network", b"a".as_slice()), ("network", b"b")];
        let other = [("network", b"b".as_slice()), ("network", b"c")];
        let none = [("network", b"d".as_slice())];
        assert!(Likeness::of(one, other).most_is_alike());
        assert!(!Likeness::of(one, none).most_is_alike());
    }
}
