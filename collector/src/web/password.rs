//! Passwords: what is accepted, how they are kept, how they are checked.
//!
//! argon2id with OWASP's parameters (19 MiB, 2 passes, 1 lane). Hashing runs off the async threads, and a few at a
//! time: the memory of an attack on the sign-in page is bounded. A login that does not exist costs as much as one that
//! does, so that the time of an answer tells nothing.

use std::sync::LazyLock;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashes computed at the same time, at most.
const AT_ONCE: usize = 4;

const MINIMUM_CHARACTERS: usize = 12;
/// A longer one would only cost time.
const MAXIMUM_BYTES: usize = 512;

static PERMITS: Semaphore = Semaphore::const_new(AT_ONCE);

/// A hash of no password at all, to spend the usual time on an unknown login.
static DECOY: LazyLock<Option<String>> = LazyLock::new(|| {
    let nobody: [u8; 32] = rand::random();
    hasher()
        .and_then(|hasher| hasher.hash_password(&nobody).ok())
        .map(|hash| hash.to_string())
});

#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    #[error("the password could not be hashed")]
    Hashing,
    #[error("the stored password hash cannot be read")]
    StoredHash,
}

/// Why a password is refused, for the person who chose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weakness {
    TooShort,
    TooLong,
    ContainsLogin,
}

impl Weakness {
    pub fn sentence(self) -> &'static str {
        match self {
            Self::TooShort => {
                "Le mot de passe doit compter au moins 12 caractères. Une phrase de plusieurs mots convient très bien."
            }
            Self::TooLong => "Le mot de passe est trop long : 512 octets au plus.",
            Self::ContainsLogin => "Le mot de passe ne doit pas contenir votre identifiant.",
        }
    }
}

/// Checks a password that somebody chooses.
pub fn weakness(password: &str, login: &str) -> Option<Weakness> {
    if password.len() > MAXIMUM_BYTES {
        return Some(Weakness::TooLong);
    }
    if password.chars().count() < MINIMUM_CHARACTERS {
        return Some(Weakness::TooShort);
    }
    let contains_login =
        !login.is_empty() && password.to_lowercase().contains(&login.to_lowercase());
    contains_login.then_some(Weakness::ContainsLogin)
}

/// The hash to store, in the PHC format: it carries its own salt and parameters.
pub async fn hash(password: Zeroizing<String>) -> Result<String, PasswordError> {
    let Ok(_permit) = PERMITS.acquire().await else {
        return Err(PasswordError::Hashing);
    };
    tokio::task::spawn_blocking(move || {
        hasher()
            .and_then(|hasher| hasher.hash_password(password.as_bytes()).ok())
            .map(|hash| hash.to_string())
    })
    .await
    .ok()
    .flatten()
    .ok_or(PasswordError::Hashing)
}

/// Whether the password is the one of `stored`; `None` when nobody has this login.
pub async fn verify(
    password: Zeroizing<String>,
    stored: Option<String>,
) -> Result<bool, PasswordError> {
    let Ok(_permit) = PERMITS.acquire().await else {
        return Err(PasswordError::Hashing);
    };
    tokio::task::spawn_blocking(move || {
        let known = stored.is_some();
        let expected = stored
            .or_else(|| DECOY.clone())
            .ok_or(PasswordError::Hashing)?;
        let expected = PasswordHash::new(&expected).map_err(|_| PasswordError::StoredHash)?;
        let hasher = hasher().ok_or(PasswordError::Hashing)?;
        let same = password.len() <= MAXIMUM_BYTES
            && hasher
                .verify_password(password.as_bytes(), &expected)
                .is_ok();
        Ok(known && same)
    })
    .await
    .map_err(|_| PasswordError::Hashing)?
}

fn hasher() -> Option<Argon2<'static>> {
    let parameters = Params::new(MEMORY_KIB, PASSES, LANES, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.to_owned())
    }

    #[tokio::test]
    async fn a_hash_accepts_its_password_and_no_other() {
        let hash = hash(secret("la cloche sonne à midi")).await.unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        let right = verify(secret("la cloche sonne à midi"), Some(hash.clone())).await;
        let wrong = verify(secret("la cloche sonne à une heure"), Some(hash)).await;
        assert!(right.unwrap());
        assert!(!wrong.unwrap());
    }

    #[tokio::test]
    async fn an_unknown_login_is_refused_whatever_the_password() {
        assert!(
            !verify(secret("la cloche sonne à midi"), None)
                .await
                .unwrap()
        );
    }

    #[test]
    fn refuses_short_passwords_and_those_with_the_login() {
        assert_eq!(weakness("court", "ida"), Some(Weakness::TooShort));
        assert_eq!(
            weakness("je suis IDA.martin", "ida.martin"),
            Some(Weakness::ContainsLogin)
        );
        assert_eq!(weakness("la cloche sonne à midi", "ida.martin"), None);
        assert_eq!(
            weakness(&"long".repeat(200), "ida"),
            Some(Weakness::TooLong)
        );
    }
}
