//! From what a person asks to leave out to an exception that agents can apply.
//!
//! Comes in: words typed at the command line or in a page. Goes out: a [`NewAllowance`], or a French sentence that says what
//! to correct. A value is recognised as agents recognise it, then only its keyed hash and masked form stay.

use beffroi_rules::detect::{Engine, ValueKey};
use globset::GlobBuilder;
use jiff::{Timestamp, civil::Date};

use crate::{
    model::{AllowedSubject, NewAllowance},
    paris::PARIS,
};

const LONGEST_TEXT: usize = 2_000;

/// What is asked, as typed.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub what: What<'a>,
    /// Empty: wherever.
    pub path: &'a str,
    pub reason: &'a str,
    pub end: End<'a>,
}

/// No `Debug`: it may hold a value.
#[derive(Clone, Copy)]
pub enum What<'a> {
    Everything,
    Kind(&'a str),
    Detector(&'a str),
    EmailDomain(&'a str),
    /// The kind may be empty: the surest one is taken.
    Value {
        text: &'a str,
        kind: &'a str,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End<'a> {
    /// The last day on which it holds, as 2027-12-31.
    On(&'a str),
    /// Somebody chose that it has none.
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("Dites pourquoi : le motif reste dans le journal.")]
    NoReason,
    #[error("Donnez une date de fin, ou choisissez « sans date de fin ».")]
    NoEnd,
    #[error("La date de fin n’est pas une date : écrivez-la comme 2027-12-31.")]
    BadDate,
    #[error("La date de fin est déjà passée.")]
    PastDate,
    #[error(
        "Cette valeur n’est pas reconnue : donnez-la seule et entière, telle qu’elle figure dans les fichiers, avec sa nature."
    )]
    UnknownValue,
    #[error("Ce n’est pas un domaine de messagerie : écrivez-le comme mairie-exemple.fr.")]
    BadDomain,
    #[error("Cette nature de données n’existe pas.")]
    UnknownKind,
    #[error("Cette règle n’existe pas.")]
    UnknownDetector,
    #[error("Ce motif de chemin est incorrect : écrivez-le comme **/annuaire/**.")]
    BadPath,
    #[error("Tout laisser de côté n’est possible que dans un dossier : donnez un chemin.")]
    EverythingEverywhere,
    #[error("Ce texte est trop long.")]
    TooLong,
}

/// `content_key` is the town's.
pub fn read(
    asked: Asked<'_>,
    engine: &Engine,
    content_key: &[u8; 32],
    now: Timestamp,
) -> Result<NewAllowance, Refusal> {
    let (path, reason) = (asked.path.trim(), asked.reason.trim());
    if reason.is_empty() {
        return Err(Refusal::NoReason);
    }
    if reason.len().max(path.len()) > LONGEST_TEXT {
        return Err(Refusal::TooLong);
    }
    if !path.is_empty() && GlobBuilder::new(path).build().is_err() {
        return Err(Refusal::BadPath);
    }
    if matches!(asked.what, What::Everything) && covers_everything(path) {
        return Err(Refusal::EverythingEverywhere);
    }
    Ok(NewAllowance {
        subject: subject(asked.what, engine, content_key)?,
        path: path.to_owned(),
        reason: reason.to_owned(),
        ends_at: end(asked.end, now)?,
    })
}

/// Nothing but wildcards and separators.
fn covers_everything(path: &str) -> bool {
    path.chars()
        .all(|letter| matches!(letter, '*' | '/' | '?' | '\\'))
}

fn subject(
    what: What<'_>,
    engine: &Engine,
    content_key: &[u8; 32],
) -> Result<AllowedSubject, Refusal> {
    let detectors = engine.detectors();
    match what {
        What::Everything => Ok(AllowedSubject::Everything),
        What::Kind(kind) => detectors
            .iter()
            .find(|rule| rule.kind.as_str() == kind)
            .map(|rule| AllowedSubject::Kind {
                kind: rule.kind.to_string(),
            })
            .ok_or(Refusal::UnknownKind),
        What::Detector(id) => detectors
            .iter()
            .find(|rule| rule.id == id)
            .map(|rule| AllowedSubject::Detector {
                detector: rule.id.clone(),
            })
            .ok_or(Refusal::UnknownDetector),
        What::EmailDomain(domain) => {
            let domain = domain.trim().trim_start_matches('@');
            // In the one spelling that agents compare.
            let address = engine
                .named_value(&format!("accueil@{domain}"), Some("email"))
                .ok_or(Refusal::BadDomain)?;
            let domain = address.email_domain().ok_or(Refusal::BadDomain)?.to_owned();
            Ok(AllowedSubject::EmailDomain { domain })
        }
        What::Value { text, kind } => {
            let kind = Some(kind).filter(|kind| !kind.is_empty());
            let value = engine
                .named_value(text, kind)
                .ok_or(Refusal::UnknownValue)?;
            Ok(AllowedSubject::Value {
                hash: value.hash(&ValueKey::of_town(content_key)),
                kind: value.kind.to_string(),
                masked: value.masked,
            })
        }
    }
}

/// The beginning of the day after the last.
fn end(end: End<'_>, now: Timestamp) -> Result<Option<Timestamp>, Refusal> {
    let last_day = match end {
        End::Never => return Ok(None),
        End::On(text) if text.trim().is_empty() => return Err(Refusal::NoEnd),
        End::On(text) => text.trim(),
    };
    let end = last_day
        .parse::<Date>()
        .and_then(Date::tomorrow)
        .and_then(|date| date.to_zoned(PARIS.clone()))
        .map_err(|_| Refusal::BadDate)?
        .timestamp();
    if end <= now {
        return Err(Refusal::PastDate);
    }
    Ok(Some(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    const IBAN: &str = "FR14 2004 1010 0505 0001 3M02 606";

    fn ask(what: What<'_>, path: &str, end: End<'_>) -> Result<NewAllowance, Refusal> {
        let asked = Asked {
            what,
            path,
            reason: "compte du Trésor public",
            end,
        };
        let now = "2026-11-22T08:00:00Z".parse().unwrap();
        read(asked, &Engine::embedded().unwrap(), &[7; 32], now)
    }

    fn value(text: &str) -> What<'_> {
        What::Value { text, kind: "" }
    }

    #[test]
    fn a_value_stays_only_as_hash_and_mask() {
        let allowance = ask(value(IBAN), "", End::Never).unwrap();
        let AllowedSubject::Value { kind, masked, .. } = &allowance.subject else {
            panic!("{allowance:?}")
        };
        assert_eq!(kind, "iban");
        assert!(masked.contains('•'), "{masked}");
        let spelled_otherwise = ask(value("fr1420041010050500013m02606"), "", End::Never);
        assert_eq!(spelled_otherwise.unwrap().subject, allowance.subject);
    }

    #[test]
    fn the_end_is_the_end_of_the_last_day_in_france() {
        let allowance = ask(What::Kind("phone"), "", End::On("2027-12-31")).unwrap();
        let expected: Timestamp = "2027-12-31T23:00:00Z".parse().unwrap();
        assert_eq!(allowance.ends_at, Some(expected));
        let today = ask(What::Kind("phone"), "", End::On("2026-11-22"));
        assert!(today.is_ok());
    }

    #[test]
    fn what_cannot_be_applied_is_refused_with_its_reason() {
        for (what, path, end, refusal) in [
            (value("bonjour"), "", End::Never, Refusal::UnknownValue),
            (
                What::EmailDomain("mairie"),
                "",
                End::Never,
                Refusal::BadDomain,
            ),
            (What::Kind("nire"), "", End::Never, Refusal::UnknownKind),
            (
                What::Detector("nire"),
                "",
                End::Never,
                Refusal::UnknownDetector,
            ),
            (What::Kind("nir"), "a[", End::Never, Refusal::BadPath),
            (
                What::Everything,
                "",
                End::Never,
                Refusal::EverythingEverywhere,
            ),
            (
                What::Everything,
                "/**",
                End::Never,
                Refusal::EverythingEverywhere,
            ),
            (What::Kind("nir"), "", End::On(""), Refusal::NoEnd),
            (What::Kind("nir"), "", End::On("demain"), Refusal::BadDate),
            (
                What::Kind("nir"),
                "",
                End::On("2026-11-21"),
                Refusal::PastDate,
            ),
        ] {
            assert_eq!(ask(what, path, end), Err(refusal));
        }
    }

    #[test]
    fn a_domain_is_compared_in_one_spelling() {
        for typed in [
            "Mairie-Exemple.fr",
            "@mairie-exemple.fr",
            " mairie-exemple.fr ",
        ] {
            let allowance = ask(What::EmailDomain(typed), "", End::Never).unwrap();
            let domain = "mairie-exemple.fr".to_owned();
            assert_eq!(allowance.subject, AllowedSubject::EmailDomain { domain });
        }
    }
}
