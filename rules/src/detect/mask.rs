//! Masking: what a person may see of a value to recognise it without learning it.
//!
//! Comes in: the canonical form of a value. Goes out: the same groups, most symbols replaced by `•`. What the text had
//! around it (escapes, odd spaces) never matters, and nothing can be computed back.

use serde::Deserialize;

const HIDDEN: char = '•';

/// How a kind of value is shown.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "style", rename_all = "snake_case", deny_unknown_fields)]
pub enum Mask {
    /// Symbols in groups of these sizes (the last size repeats); those whose rank is in `show` stay.
    Groups {
        groups: Vec<usize>,
        #[serde(default)]
        show: Vec<[usize; 2]>,
        #[serde(default = "space")]
        between: char,
    },
    /// The domain stays where it is a provider's or a public body's; of the others, the ending only.
    Email,
    /// The year stays.
    Date,
    /// The initials of a name.
    Initials,
    /// Not even its length.
    Nothing,
}

/// Domains that thousands of people share.
const PROVIDERS: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "orange.fr",
    "wanadoo.fr",
    "free.fr",
    "sfr.fr",
    "neuf.fr",
    "laposte.net",
    "hotmail.fr",
    "hotmail.com",
    "outlook.fr",
    "outlook.com",
    "live.fr",
    "yahoo.fr",
    "yahoo.com",
    "bbox.fr",
    "icloud.com",
    "msn.com",
    "club-internet.fr",
    "numericable.fr",
    "aol.com",
    "protonmail.com",
    "proton.me",
    "gmx.fr",
];

/// What the domains of public bodies say of themselves.
const PUBLIC_WORDS: &[&str] = &[
    "mairie",
    "ville",
    "commune",
    "agglo",
    "ccas",
    "gouv",
    "departement",
    "region",
    "metropole",
    "ac-",
    "cdg",
    "sdis",
];

impl Mask {
    pub fn apply(&self, canonical: &str) -> String {
        match self {
            Self::Groups {
                groups,
                show,
                between,
            } => mask_groups(canonical, groups, show, *between),
            Self::Email => mask_email(canonical),
            Self::Date => mask_date(canonical),
            Self::Initials => mask_name(canonical),
            Self::Nothing => "•••••".to_owned(),
        }
    }
}

fn mask_groups(canonical: &str, groups: &[usize], show: &[[usize; 2]], between: char) -> String {
    let mut masked = String::with_capacity(2 * canonical.len());
    let mut sizes = groups.iter().copied().chain(std::iter::repeat(
        groups.last().copied().unwrap_or(usize::MAX),
    ));
    let mut left = sizes.next().unwrap_or(usize::MAX);
    for (index, symbol) in canonical.chars().enumerate() {
        if left == 0 {
            masked.push(between);
            left = sizes.next().unwrap_or(usize::MAX);
        }
        let shown = show
            .iter()
            .any(|[start, end]| (*start..*end).contains(&index));
        masked.push(if shown { symbol } else { HIDDEN });
        left = left.saturating_sub(1);
    }
    masked
}

fn mask_email(canonical: &str) -> String {
    let Some((_, domain)) = canonical.rsplit_once('@') else {
        return HIDDEN.to_string();
    };
    let shared =
        PROVIDERS.contains(&domain) || PUBLIC_WORDS.iter().any(|word| domain.contains(word));
    if shared {
        return format!("•••@{domain}");
    }
    let ending = domain.rsplit('.').next().unwrap_or_default();
    format!("•••@•••.{ending}")
}

/// « D•••• C•••• »: as many dots for every name.
fn mask_name(canonical: &str) -> String {
    let initials = canonical
        .split_whitespace()
        .filter_map(|name| name.chars().next());
    let masked: Vec<String> = initials
        .map(|initial| format!("{}••••", initial.to_uppercase()))
        .collect();
    masked.join(" ")
}

/// The canonical form is year, month, day.
fn mask_date(canonical: &str) -> String {
    let year = canonical.get(..4).unwrap_or("••••");
    format!("••/••/{year}")
}

fn space() -> char {
    ' '
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nir_shows_sex_and_year_only() {
        let mask = Mask::Groups {
            groups: vec![1, 2, 2, 2, 3, 3, 2],
            show: vec![[0, 3]],
            between: ' ',
        };
        assert_eq!(mask.apply("185057800608491"), "1 85 •• •• ••• ••• ••");
    }

    #[test]
    fn a_personal_domain_is_hidden() {
        assert_eq!(
            Mask::Email.apply("jean@mairie-saint-loup.fr"),
            "•••@mairie-saint-loup.fr"
        );
        assert_eq!(Mask::Email.apply("jean@gmail.com"), "•••@gmail.com");
        assert_eq!(Mask::Email.apply("jean@famille-dupont.fr"), "•••@•••.fr");
    }

    #[test]
    fn a_date_shows_its_year() {
        assert_eq!(Mask::Date.apply("19850412"), "••/••/1985");
    }
}
