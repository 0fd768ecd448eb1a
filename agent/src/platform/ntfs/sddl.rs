//! Access control lists of Windows in their textual form ([MS-DTYP] 2.5.1), without Windows.

use crate::platform::Audience;

/// Nobody who is not in the list may do anything; without a list (`D:NO_ACCESS_CONTROL`) anybody may do everything.
/// Refusals are left out of account: they are rare, and narrow a group by some of its members.
pub(in crate::platform) fn readers_and_writers(descriptor: &str) -> Option<(Audience, Audience)> {
    const READS: u32 = 0x8000_0000 | 0x1000_0000 | 0x1;
    // Whoever may change the list or the owner may do everything.
    const WRITES: u32 = 0x4000_0000 | 0x1000_0000 | 0x2 | 0x4 | 0x4_0000 | 0x8_0000;
    let owner = sid_after(descriptor, "O:");
    let Some(list) = descriptor
        .find("D:")
        .and_then(|at| descriptor.get(at + 2..))
    else {
        return Some((Audience::Everyone, Audience::Everyone));
    };
    if list.starts_with("NO_ACCESS_CONTROL") {
        return Some((Audience::Everyone, Audience::Everyone));
    }
    let list = list.split("S:").next().unwrap_or(list);
    let (mut readers, mut writers) = (Audience::Owner, Audience::Owner);
    for entry in list.split('(').skip(1) {
        let fields: Vec<&str> = entry.split(')').next()?.split(';').collect();
        let [kind, flags, rights, _, _, who, ..] = fields.as_slice() else {
            return None;
        };
        // Entries for what will be made below (« inherit only ») are not about this file.
        if *kind != "A" || pairs(flags).any(|flag| flag == "IO") {
            continue;
        }
        let audience = audience(who, owner);
        let rights = mask(rights);
        if rights & READS != 0 {
            readers = readers.max(audience);
        }
        if rights & WRITES != 0 {
            writers = writers.max(audience);
        }
    }
    Some((readers, writers))
}

/// Who a name of the list stands for.
fn audience(who: &str, owner: Option<&str>) -> Audience {
    /// Everyone, authenticated users, users, guests, anonymous, network, interactive, users and guests of the domain.
    const MANY: [&str; 9] = ["WD", "AU", "BU", "BG", "AN", "NU", "IU", "DU", "DG"];
    /// System, administrators, owner and creator, the domain's administrators, backup operators, services.
    const FEW: [&str; 9] = ["SY", "BA", "CO", "OW", "DA", "EA", "LA", "BO", "LS"];
    if MANY.contains(&who) || who == "S-1-1-0" {
        return Audience::Everyone;
    }
    // Services have accounts of their own, below S-1-5-80.
    if FEW.contains(&who) || who.starts_with("S-1-5-80-") || owner == Some(who) {
        return Audience::Owner;
    }
    Audience::Group
}

fn mask(rights: &str) -> u32 {
    const NAMES: [(&str, u32); 14] = [
        ("GA", 0x1000_0000),
        ("GR", 0x8000_0000),
        ("GW", 0x4000_0000),
        ("GX", 0x2000_0000),
        ("FA", 0x1f_01ff),
        ("FR", 0x12_0089),
        ("FW", 0x12_0116),
        ("FX", 0x12_00a0),
        ("WD", 0x4_0000),
        ("WO", 0x8_0000),
        ("CC", 0x1),
        ("DC", 0x2),
        ("LC", 0x4),
        ("RC", 0x2_0000),
    ];
    if let Some(number) = rights.strip_prefix("0x") {
        return u32::from_str_radix(number, 16).unwrap_or(0);
    }
    let known = |name: &str| NAMES.iter().find(|(known, _)| *known == name);
    pairs(rights)
        .filter_map(known)
        .fold(0, |mask, (_, bits)| mask | bits)
}

/// Names of two letters, one behind the other.
fn pairs(text: &str) -> impl Iterator<Item = &str> {
    (0..text.len())
        .step_by(2)
        .filter_map(|at| text.get(at..at + 2))
}

fn sid_after<'d>(descriptor: &'d str, mark: &str) -> Option<&'d str> {
    let (_, rest) = descriptor.split_once(mark)?;
    let end = ["G:", "D:", "S:"]
        .iter()
        .filter_map(|next| rest.find(next))
        .min()
        .unwrap_or(rest.len());
    rest.get(..end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Audience::{Everyone, Group, Owner};

    #[test]
    fn who_may_read_and_write_is_told() {
        for (descriptor, readers, writers) in [
            // A file below C:\Users\Public, and one of a share where all may write.
            (
                "O:BAG:SYD:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;IU)",
                Everyone,
                Owner,
            ),
            (
                "O:BAG:SYD:(A;OICI;0x1301bf;;;WD)(A;;FA;;;SY)",
                Everyone,
                Everyone,
            ),
            // A profile: its user owns it.
            (
                "O:S-1-5-21-1-2-3-1001G:S-1-5-21-1-2-3-513D:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;FA;;;S-1-5-21-1-2-3-1001)",
                Owner,
                Owner,
            ),
            // A group of the domain reads; nobody else.
            (
                "O:BAG:SYD:PAI(A;;FA;;;BA)(A;;FR;;;S-1-5-21-1-2-3-1120)",
                Group,
                Owner,
            ),
            // Inherit-only entries and refusals widen nothing.
            (
                "O:BAG:SYD:(A;OICIIO;GA;;;WD)(D;;FA;;;WD)(A;;FA;;;BA)",
                Owner,
                Owner,
            ),
            (
                "O:BAG:SYD:(A;;WO;;;S-1-5-21-1-2-3-1120)S:(AU;SA;FA;;;WD)",
                Owner,
                Group,
            ),
            ("O:BAG:SYD:NO_ACCESS_CONTROL", Everyone, Everyone),
            ("O:BAG:SYD:", Owner, Owner),
        ] {
            assert_eq!(
                readers_and_writers(descriptor),
                Some((readers, writers)),
                "{descriptor}"
            );
        }
    }

    #[test]
    fn what_cannot_be_understood_says_nothing() {
        assert_eq!(readers_and_writers("O:BAD:(A;;FA"), None);
    }
}
