//! Exit codes of the agent, the same for every verb; the help texts list them.

use std::process::ExitCode;

use crate::{
    config::ConfigError,
    enrol::{EnrolError, PendingKeyError},
    identity::IdentityError,
    spool::SpoolError,
    state::{Obstacle, StateError},
    transport::{ConnectError, TransportError},
};

/// A failure with the code that scripts of a deployment can act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Success = 0,
    /// Anything that has no code of its own.
    Failure = 1,
    /// Given by clap: the command line is wrong.
    Usage = 2,
    /// Scanned, but some files could not be read.
    PartlyRead = 3,
    /// `--fail-on-findings` was asked, and personal data was found.
    Findings = 4,
    /// The configuration or the state folder cannot be used.
    Configuration = 10,
    /// The agent is not enrolled, or its identity belongs to another machine.
    NotEnrolled = 11,
    /// The token is unknown, expired or used.
    TokenRefused = 12,
    /// What answers is not the collector of the token, or it refuses the agent's certificate.
    Trust = 13,
    /// No answer from the collector; what was to be sent waits in the spool.
    Unreachable = 14,
    /// The disk of the state folder is full; what was there is kept.
    DiskFull = 15,
    /// The service is to be started again: a newer program is there.
    Updated = 16,
}

/// For `--help`.
pub const HELP: &str = "Codes de sortie :
  0   tout s'est bien passé
  1   échec (le message dit lequel)
  2   ligne de commande incorrecte
  3   analyse faite, mais des fichiers n'ont pas pu être lus
  4   --fail-on-findings : des données personnelles ont été trouvées
  10  configuration ou dossier d'état inutilisable
  11  agent non enrôlé, ou identité copiée d'une autre machine
  12  jeton inconnu, expiré ou déjà utilisé
  13  ce n'est pas le bon collecteur, ou il refuse le certificat de cet agent
  14  collecteur injoignable (rien n'est perdu : la file d'attente garde tout)
  15  disque plein (rien de ce qui attend n'est perdu)
  16  le service doit être relancé : une version plus récente est prête";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl Exit {
    /// What another version of this program ended with.
    pub fn of_code(code: u8) -> Self {
        const ALL: [Exit; 12] = [
            Exit::Success,
            Exit::Failure,
            Exit::Usage,
            Exit::PartlyRead,
            Exit::Findings,
            Exit::Configuration,
            Exit::NotEnrolled,
            Exit::TokenRefused,
            Exit::Trust,
            Exit::Unreachable,
            Exit::DiskFull,
            Exit::Updated,
        ];
        let known = ALL.into_iter().find(|exit| *exit as u8 == code);
        known.unwrap_or(Exit::Failure)
    }

    /// The code of an error, wherever it comes from.
    pub fn of(error: &(dyn std::error::Error + 'static)) -> Self {
        if let Some(error) = error.downcast_ref::<TransportError>() {
            error.into()
        } else if let Some(error) = error.downcast_ref::<EnrolError>() {
            error.into()
        } else if let Some(error) = error.downcast_ref::<IdentityError>() {
            error.into()
        } else if let Some(error) = error.downcast_ref::<StateError>() {
            error.into()
        } else if let Some(error) = error.downcast_ref::<SpoolError>() {
            error.into()
        } else if error.is::<ConfigError>() {
            Self::Configuration
        } else {
            Self::Failure
        }
    }
}

impl From<&StateError> for Exit {
    fn from(error: &StateError) -> Self {
        match error {
            StateError::Folder { source, .. } | StateError::Write { source, .. } => of_disk(source),
            StateError::Read { .. } | StateError::Busy { .. } => Self::Configuration,
        }
    }
}

impl From<&SpoolError> for Exit {
    fn from(error: &SpoolError) -> Self {
        match error {
            SpoolError::Folder { source, .. } | SpoolError::Write { source, .. } => of_disk(source),
            // Nobody empties it.
            SpoolError::Full => Self::Unreachable,
        }
    }
}

fn of_disk(error: &std::io::Error) -> Exit {
    if Obstacle(error).is_full_disk() {
        Exit::DiskFull
    } else {
        Exit::Configuration
    }
}

impl From<&ConnectError> for Exit {
    fn from(error: &ConnectError) -> Self {
        match error {
            ConnectError::Address(_) => Self::Usage,
            ConnectError::Unreachable { .. } | ConnectError::Proxy(_) => Self::Unreachable,
            ConnectError::NotOurCollector { .. }
            | ConnectError::ClockAhead(_)
            | ConnectError::CertificateRefused { .. } => Self::Trust,
            ConnectError::Tls(_) => Self::Failure,
        }
    }
}

impl From<&TransportError> for Exit {
    fn from(error: &TransportError) -> Self {
        match error {
            TransportError::Connect(error) => error.into(),
            TransportError::Revoked | TransportError::CertificateEnded(_) => Self::Trust,
            TransportError::AnotherMachine | TransportError::TooManyCopies => Self::NotEnrolled,
            TransportError::Lost(_) => Self::Unreachable,
            TransportError::Identity(error) => error.into(),
            TransportError::Spool(error) => error.into(),
            TransportError::PendingKey(PendingKeyError::State(error)) => error.into(),
            TransportError::Key(_) | TransportError::PendingKey(PendingKeyError::Key(_)) => {
                Self::Failure
            }
        }
    }
}

impl From<&EnrolError> for Exit {
    fn from(error: &EnrolError) -> Self {
        match error {
            EnrolError::MalformedToken | EnrolError::UnknownToken | EnrolError::SpentToken => {
                Self::TokenRefused
            }
            EnrolError::Unavailable(_) => Self::Unreachable,
            EnrolError::Connect(error) => error.into(),
            EnrolError::Identity(error) => error.into(),
            EnrolError::State(error) => error.into(),
            EnrolError::AlreadyEnrolled | EnrolError::Incoherent(_) | EnrolError::Key(_) => {
                Self::Failure
            }
        }
    }
}

impl From<&IdentityError> for Exit {
    fn from(error: &IdentityError) -> Self {
        match error {
            IdentityError::State(error) => error.into(),
            IdentityError::NotEnrolled
            | IdentityError::Damaged(_)
            | IdentityError::OtherMachine => Self::NotEnrolled,
        }
    }
}
