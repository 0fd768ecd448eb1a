//! A program to be installed by agents, and who vouches for it.
//!
//! The operator signs a package offline with [minisign](https://jedisct1.github.io/minisign/); what it is stands in the trusted
//! comment, under the same signature, so that neither an older program nor one for another platform can be passed off as it.
//! In: what minisign wrote, keys, the package's bytes. Out: what it is, or why it is refused. `minisign-verify` is by minisign's
//! author, pure Rust, and reads the package piece by piece; signatures that were not made over a digest (before minisign 0.6)
//! are refused, since they would need it whole in memory.

use std::fmt;
use std::io::{self, Read};

use minisign_verify::{PublicKey, Signature};
pub use semver::Version;
use serde::Deserialize;

/// First word of the trusted comment.
pub const PROGRAM: &str = "beffroi-agent";

/// The largest package that is taken.
pub const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// Of one piece of a package, as it travels.
pub const PIECE_BYTES: usize = 64 * 1024;

const READ_BYTES: usize = 64 * 1024;

/// What minisign wrote, at most: four lines.
const MAX_SIGNATURE_BYTES: usize = 4096;

#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    #[error("ce n'est pas une signature de minisign")]
    NotASignature,
    #[error(
        "le commentaire signé « {0} » ne dit pas ce qu'est le paquet ; attendu : beffroi-agent VERSION PLATEFORME"
    )]
    Nameless(String),
    #[error("« {0} » n'est pas une clé publique de minisign")]
    NotAKey(String),
    #[error("aucune des clés connues n'a signé ce paquet")]
    UnknownSigner,
    #[error("le paquet ne peut pas être lu : {0}")]
    Unreadable(#[from] io::Error),
}

/// Which program a signature is of: so far only what it says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    pub version: Version,
    /// As [`platform`] writes it.
    pub platform: String,
}

impl fmt::Display for Package {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{PROGRAM} {} {}", self.version, self.platform)
    }
}

impl Package {
    /// What the trusted comment says.
    pub fn named_by(signature: &str) -> Result<Self, PackageError> {
        let signature = decode(signature)?;
        let comment = signature.trusted_comment();
        let nameless = || PackageError::Nameless(comment.to_owned());
        let words: Vec<&str> = comment.split(' ').collect();
        let [PROGRAM, version, platform] = words.as_slice() else {
            return Err(nameless());
        };
        // It becomes the name of a file.
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
        if platform.is_empty() || platform.len() > 64 || !platform.chars().all(is_plain) {
            return Err(nameless());
        }
        let version = Version::parse(version).map_err(|_| nameless())?;
        // Build metadata has no order that would say which is newer.
        if !version.build.is_empty() || version.to_string().len() > 64 {
            return Err(nameless());
        }
        Ok(Self {
            version,
            platform: (*platform).to_owned(),
        })
    }

    /// The same, once one of `keys` is known to have signed both the comment and these bytes.
    pub fn verified(
        signature: &str,
        keys: &[ReleaseKey],
        mut bytes: impl Read,
    ) -> Result<Self, PackageError> {
        let package = Self::named_by(signature)?;
        let signature = decode(signature)?;
        let mut verifiers: Vec<_> = keys
            .iter()
            .filter_map(|key| key.0.verify_stream(&signature).ok())
            .collect();
        if verifiers.is_empty() {
            return Err(PackageError::UnknownSigner);
        }
        let mut piece = vec![0; READ_BYTES];
        loop {
            let read = bytes.read(&mut piece)?;
            if read == 0 {
                break;
            }
            let read = piece.get(..read).unwrap_or_default();
            for verifier in &mut verifiers {
                verifier.update(read);
            }
        }
        let is_signed = verifiers
            .iter_mut()
            .any(|verifier| verifier.finalize().is_ok());
        is_signed
            .then_some(package)
            .ok_or(PackageError::UnknownSigner)
    }
}

/// Of the operator's releases, as minisign prints it: « RW… ».
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct ReleaseKey(PublicKey);

impl ReleaseKey {
    /// The key alone, or the whole of `minisign.pub`.
    pub fn parse(text: &str) -> Result<Self, PackageError> {
        let key = text.trim().lines().next_back().unwrap_or_default();
        let key = PublicKey::from_base64(key.trim());
        key.map(Self)
            .map_err(|_| PackageError::NotAKey(text.trim().to_owned()))
    }
}

impl TryFrom<String> for ReleaseKey {
    type Error = PackageError;

    fn try_from(text: String) -> Result<Self, PackageError> {
        Self::parse(&text)
    }
}

/// What this program runs on, as a package names it.
pub fn platform() -> String {
    format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH)
}

fn decode(signature: &str) -> Result<Signature, PackageError> {
    if signature.len() > MAX_SIGNATURE_BYTES {
        return Err(PackageError::NotASignature);
    }
    Signature::decode(signature).map_err(|_| PackageError::NotASignature)
}

#[cfg(test)]
mod tests;
