//! What every page has around its own content: banner, sections, the last act, footer.

use super::Labels;
use crate::model::{Organisation, User};

/// The context of `base.html`.
pub(super) struct Layout {
    pub(super) title: String,
    pub(super) town: Option<TownHeading>,
    pub(super) sections: Vec<SectionLink>,
    pub(super) person: Option<Person>,
    /// For the hidden field of the forms; empty where nobody is signed in.
    pub(super) csrf: String,
    pub(super) notice: Option<&'static str>,
    pub(super) version: &'static str,
}

pub(super) struct TownHeading {
    pub(super) name: String,
    pub(super) kind: String,
    /// "/o/{organisation}": what addresses in pages start with.
    pub(super) address: String,
}

pub(super) struct SectionLink {
    pub(super) label: &'static str,
    pub(super) address: String,
    pub(super) current: bool,
}

pub(super) struct Person {
    pub(super) name: String,
    pub(super) role: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Overview,
    Files,
    Proposals,
    Register,
    Gaps,
    Machines,
    Software,
    Allowances,
    Journal,
}

impl Section {
    /// In the order of the DPO's work: what was found, what to make of it, then where it comes from.
    const ALL: [Self; 9] = [
        Self::Overview,
        Self::Files,
        Self::Proposals,
        Self::Register,
        Self::Gaps,
        Self::Machines,
        Self::Software,
        Self::Allowances,
        Self::Journal,
    ];

    fn label_and_place(self) -> (&'static str, &'static str) {
        match self {
            Self::Overview => ("Vue d’ensemble", ""),
            Self::Files => ("Fichiers", "/fichiers"),
            Self::Proposals => ("Propositions", "/propositions"),
            Self::Register => ("Registre", "/registre"),
            Self::Gaps => ("Écarts", "/ecarts"),
            Self::Machines => ("Postes", "/postes"),
            Self::Software => ("Logiciels", "/logiciels"),
            Self::Allowances => ("Exceptions", "/exceptions"),
            Self::Journal => ("Journal", "/journal"),
        }
    }
}

/// What has just been done: carried by the address after an act, so that reloading the page repeats nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notice {
    Decided,
    DecisionUndone,
    Accepted,
    Refused,
    Reopened,
    Amended,
    Archived,
    Restored,
    AllowanceAdded,
    AllowanceEnded,
    AllowanceResumed,
    Merged,
    MergeUndone,
    Distinguished,
    DistinctionUndone,
    CopyRefused,
    CopyReadmitted,
    PasswordChanged,
}

impl Notice {
    const ALL: [Self; 18] = [
        Self::Decided,
        Self::DecisionUndone,
        Self::Accepted,
        Self::Refused,
        Self::Reopened,
        Self::Amended,
        Self::Archived,
        Self::Restored,
        Self::AllowanceAdded,
        Self::AllowanceEnded,
        Self::AllowanceResumed,
        Self::Merged,
        Self::MergeUndone,
        Self::Distinguished,
        Self::DistinctionUndone,
        Self::CopyRefused,
        Self::CopyReadmitted,
        Self::PasswordChanged,
    ];

    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Decided => "decision",
            Self::DecisionUndone => "annulation",
            Self::Accepted => "acceptation",
            Self::Refused => "refus",
            Self::Reopened => "reouverture",
            Self::Amended => "modification",
            Self::Archived => "archivage",
            Self::Restored => "restauration",
            Self::AllowanceAdded => "exception",
            Self::AllowanceEnded => "exception-levee",
            Self::AllowanceResumed => "exception-retablie",
            Self::Merged => "fusion",
            Self::MergeUndone => "fusion-annulee",
            Self::Distinguished => "distinction",
            Self::DistinctionUndone => "distinction-annulee",
            Self::CopyRefused => "copie-refusee",
            Self::CopyReadmitted => "copie-admise",
            Self::PasswordChanged => "mot-de-passe",
        }
    }

    pub(super) fn of_query(query: &str) -> Option<Self> {
        let (_, code) =
            form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "fait")?;
        Self::ALL.into_iter().find(|notice| notice.code() == code)
    }

    pub(super) fn sentence(self) -> &'static str {
        match self {
            Self::Decided => "Décision enregistrée. Aucune analyse ultérieure ne la modifiera.",
            Self::DecisionUndone => "Décision annulée : le fichier est de nouveau à examiner.",
            Self::Accepted => "Le traitement est inscrit au registre.",
            Self::Refused => {
                "La proposition est refusée. Elle reste consultable et peut être rouverte."
            }
            Self::Reopened => "La proposition est de nouveau à examiner.",
            Self::Amended => "Les modifications sont enregistrées.",
            Self::Archived => "Le traitement est archivé. Il peut être remis au registre.",
            Self::Restored => "Le traitement est remis au registre.",
            Self::AllowanceAdded => {
                "L’exception est ajoutée. Les agents connectés l’apprennent dans la minute, et revoient leurs fichiers."
            }
            Self::AllowanceEnded => {
                "L’exception est levée. Ce qu’elle masquait reparaît après la prochaine analyse."
            }
            Self::AllowanceResumed => "L’exception est rétablie.",
            Self::Merged => {
                "Les deux postes sont fusionnés. La fusion peut être annulée ci-dessous."
            }
            Self::MergeUndone => "La fusion est annulée : les deux postes comptent de nouveau.",
            Self::Distinguished => "Ce sont deux machines : elles ne seront plus proposées.",
            Self::DistinctionUndone => "Ces postes peuvent de nouveau être proposés.",
            Self::CopyRefused => "La copie est refusée : ses envois s’arrêtent dans la minute.",
            Self::CopyReadmitted => "La copie est de nouveau admise.",
            Self::PasswordChanged => {
                "Votre mot de passe est changé. Vos autres sessions sont fermées."
            }
        }
    }
}

impl Layout {
    /// For pages without anybody: signing in.
    pub(super) fn of_nobody(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            town: None,
            sections: Vec::new(),
            person: None,
            csrf: String::new(),
            notice: None,
            version: env!("CARGO_PKG_VERSION"),
        }
    }

    /// For pages that concern no town: the list of towns, the account.
    pub(super) fn of_person(
        title: &str,
        user: &User,
        csrf: &str,
        notice: Option<Notice>,
        labels: &Labels,
    ) -> Self {
        Self {
            person: Some(Person {
                name: user.name.clone(),
                role: labels.role(user.role),
            }),
            csrf: csrf.to_owned(),
            notice: notice.map(Notice::sentence),
            ..Self::of_nobody(title)
        }
    }

    pub(super) fn of_town(
        organisation: &Organisation,
        section: Section,
        title: &str,
        user: &User,
        csrf: &str,
        notice: Option<Notice>,
        labels: &Labels,
    ) -> Self {
        let address = format!("/o/{}", organisation.id);
        let sections = Section::ALL
            .into_iter()
            .map(|each| {
                let (label, place) = each.label_and_place();
                SectionLink {
                    label,
                    address: format!("{address}{place}"),
                    current: each == section,
                }
            })
            .collect();
        Self {
            town: Some(TownHeading {
                name: organisation.name.clone(),
                kind: labels.organisation_kind(organisation.kind),
                address,
            }),
            sections,
            ..Self::of_person(title, user, csrf, notice, labels)
        }
    }

    /// What addresses in a town's page start with.
    pub(super) fn base(&self) -> &str {
        self.town.as_ref().map_or("", |town| town.address.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_comes_back_from_its_address() {
        for notice in Notice::ALL {
            let query = format!("page=2&fait={}", notice.code());
            assert_eq!(Notice::of_query(&query), Some(notice));
        }
        assert_eq!(Notice::of_query("fait=<script>"), None);
    }
}
