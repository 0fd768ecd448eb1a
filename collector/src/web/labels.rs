//! The French words of the pages. Words that rules, programs and pages share come from the rule pack; ids that the pack
//! does not know (a newer agent's) are shown as they are.

use beffroi_rules::{
    facts::{self, Vocabulary},
    glossary::Glossary,
    kinds::Kinds,
};

use super::french;
use crate::model::{
    DecisionKind, Fact, FactValue, GapOutcome, OrganisationKind, ProposalStatus, Provenance,
    ReadableBy, Role, Verdict,
};

pub struct Labels {
    glossary: Glossary,
    kinds: Kinds,
    facts: Vocabulary,
}

/// How a word is coloured. The word always says it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Neutral,
    Good,
    Warn,
    Bad,
    Plain,
}

impl Tone {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Neutral => "",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Plain => "plain",
        }
    }
}

/// A word in a coloured box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chip {
    pub(super) text: String,
    pub(super) class: &'static str,
}

impl Chip {
    pub(super) fn new(text: impl Into<String>, tone: Tone) -> Self {
        Self {
            text: text.into(),
            class: tone.class(),
        }
    }
}

impl Labels {
    pub fn new(glossary: Glossary, kinds: Kinds, facts: Vocabulary) -> Self {
        Self {
            glossary,
            kinds,
            facts,
        }
    }

    pub(super) fn kind(&self, id: &str) -> String {
        self.kinds.french(id).to_owned()
    }

    pub(super) fn verdict(&self, verdict: Verdict) -> String {
        self.word("verdict", verdict_id(verdict))
    }

    pub(super) fn reason(&self, id: &str) -> String {
        self.word("reason", id)
    }

    /// How sure a number of occurrences are: "Sûr : 12".
    pub(super) fn confidence(&self, level: &str, count: u64) -> Chip {
        let tone = match level {
            "high" => Tone::Good,
            "medium" => Tone::Warn,
            _ => Tone::Neutral,
        };
        let text = format!(
            "{}\u{a0}: {}",
            self.word("confidence", level),
            french::number(count)
        );
        Chip::new(text, tone)
    }

    pub(super) fn decision(&self, decision: DecisionKind) -> Chip {
        let tone = match decision {
            DecisionKind::Confirmed => Tone::Plain,
            DecisionKind::FalseAlarm => Tone::Neutral,
            DecisionKind::ToDelete | DecisionKind::ToSecure => Tone::Warn,
        };
        Chip::new(self.word("decision", decision_id(decision)), tone)
    }

    pub(super) fn outcome(&self, outcome: GapOutcome) -> Chip {
        let tone = match outcome {
            GapOutcome::Shortfall => Tone::Bad,
            GapOutcome::Compliant => Tone::Good,
            GapOutcome::Unknown | GapOutcome::NotApplicable => Tone::Neutral,
        };
        Chip::new(self.word("outcome", outcome_id(outcome)), tone)
    }

    pub(super) fn severity(&self, id: &str) -> Chip {
        let tone = match id {
            "critical" | "high" => Tone::Bad,
            "medium" => Tone::Warn,
            _ => Tone::Neutral,
        };
        Chip::new(self.word("severity", id), tone)
    }

    /// Who can open or change a file.
    pub(super) fn readable_by(&self, who: ReadableBy) -> Chip {
        let (id, tone) = match who {
            ReadableBy::Owner => ("owner", Tone::Good),
            ReadableBy::Group => ("group", Tone::Neutral),
            ReadableBy::Everyone => ("everyone", Tone::Bad),
        };
        Chip::new(self.word("readable_by", id), tone)
    }

    pub(super) fn proposal_status(&self, status: &ProposalStatus) -> Chip {
        let (id, tone) = match status {
            ProposalStatus::Open => ("open", Tone::Plain),
            ProposalStatus::Accepted { .. } => ("accepted", Tone::Good),
            ProposalStatus::Refused { .. } => ("refused", Tone::Neutral),
        };
        Chip::new(self.word("proposal_status", id), tone)
    }

    /// Who or what a field of the register comes from.
    pub(super) fn provenance(&self, provenance: &Provenance) -> Chip {
        let (id, tone) = match provenance {
            Provenance::Rule { .. } => ("rule", Tone::Neutral),
            Provenance::Scan { .. } => ("scan", Tone::Plain),
            Provenance::Person { .. } => ("person", Tone::Good),
        };
        Chip::new(self.word("provenance", id), tone)
    }

    pub(super) fn role(&self, role: Role) -> String {
        let id = match role {
            Role::Dpo => "dpo",
            Role::Reader => "reader",
        };
        self.word("role", id)
    }

    pub(super) fn organisation_kind(&self, kind: OrganisationKind) -> String {
        let id = match kind {
            OrganisationKind::Commune => "commune",
            OrganisationKind::Ccas => "ccas",
            OrganisationKind::Epci => "epci",
            OrganisationKind::Syndicat => "syndicat",
            OrganisationKind::Other => "other",
        };
        self.word("organisation_kind", id)
    }

    /// What a software is for, as its rule says it.
    pub(super) fn software_family(&self, id: &str) -> String {
        self.word("software_family", id)
    }

    pub(super) fn fact(&self, fact: &Fact) -> (String, String) {
        let value = match &fact.value {
            FactValue::Boolean(value) => facts::FactValue::Boolean(*value),
            FactValue::Integer(value) => facts::FactValue::Integer(*value),
            FactValue::Text(value) => facts::FactValue::Text(value.clone()),
            FactValue::List(items) => facts::FactValue::List(items.clone()),
        };
        match self.facts.get(&fact.name) {
            Some(entry) => (entry.label.fr.clone(), entry.show(&value)),
            None => (fact.name.clone(), value.to_string()),
        }
    }

    /// The name of a field of the register.
    pub(super) fn field(&self, name: &str) -> String {
        self.word("field", name)
    }

    /// A value of a field of the register: an id of the rules, or a person's own words.
    pub(super) fn field_value(&self, field: &str, value: &str) -> String {
        let group = match field {
            "legal_basis" => "legal_basis",
            "data_categories" | "sensitive_categories" => "data_category",
            "dpia" => "dpia_status",
            "nir" => "nir_rule",
            _ => return value.to_owned(),
        };
        self.word(group, value)
    }

    fn word(&self, group: &str, id: &str) -> String {
        french::capitalised(self.glossary.french(group, id))
    }
}

pub(super) const VERDICTS: [Verdict; 9] = [
    Verdict::Read,
    Verdict::PartlyRead,
    Verdict::Unreadable,
    Verdict::Encrypted,
    Verdict::TooLarge,
    Verdict::Locked,
    Verdict::Excluded,
    Verdict::Unsupported,
    Verdict::Vanished,
];

pub(super) const DECISIONS: [DecisionKind; 4] = [
    DecisionKind::Confirmed,
    DecisionKind::FalseAlarm,
    DecisionKind::ToDelete,
    DecisionKind::ToSecure,
];

/// As addresses and forms spell it.
pub(super) fn verdict_id(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Read => "read",
        Verdict::PartlyRead => "partly_read",
        Verdict::Unreadable => "unreadable",
        Verdict::Encrypted => "encrypted",
        Verdict::TooLarge => "too_large",
        Verdict::Locked => "locked",
        Verdict::Excluded => "excluded",
        Verdict::Unsupported => "unsupported",
        Verdict::Vanished => "vanished",
    }
}

pub(super) fn verdict_of(id: &str) -> Option<Verdict> {
    VERDICTS
        .into_iter()
        .find(|verdict| verdict_id(*verdict) == id)
}

pub(super) fn decision_id(decision: DecisionKind) -> &'static str {
    match decision {
        DecisionKind::Confirmed => "confirmed",
        DecisionKind::FalseAlarm => "false_alarm",
        DecisionKind::ToDelete => "to_delete",
        DecisionKind::ToSecure => "to_secure",
    }
}

pub(super) fn decision_of(id: &str) -> Option<DecisionKind> {
    DECISIONS
        .into_iter()
        .find(|decision| decision_id(*decision) == id)
}

/// What taking this decision means, under its button.
pub(super) fn decision_meaning(decision: DecisionKind) -> &'static str {
    match decision {
        DecisionKind::Confirmed => {
            "Ce sont bien des données personnelles et le fichier a sa place ici."
        }
        DecisionKind::FalseAlarm => {
            "Ce ne sont pas des données personnelles : le fichier ne comptera plus."
        }
        DecisionKind::ToDelete => "Le fichier n’a plus de raison d’être conservé.",
        DecisionKind::ToSecure => "Le fichier est utile, mais trop de personnes peuvent l’ouvrir.",
    }
}

fn outcome_id(outcome: GapOutcome) -> &'static str {
    match outcome {
        GapOutcome::Shortfall => "shortfall",
        GapOutcome::Compliant => "compliant",
        GapOutcome::Unknown => "unknown",
        GapOutcome::NotApplicable => "not_applicable",
    }
}

/// The worst first.
pub(super) fn severity_rank(severity: &str) -> u8 {
    match severity {
        "critical" => 0,
        "high" => 1,
        "medium" => 2,
        "low" => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_and_decisions_come_back_from_their_spelling() {
        for verdict in VERDICTS {
            assert_eq!(verdict_of(verdict_id(verdict)), Some(verdict));
        }
        for decision in DECISIONS {
            assert_eq!(decision_of(decision_id(decision)), Some(decision));
        }
        assert_eq!(verdict_of("all"), None);
    }

    /// Ids are shown as they are when the glossary lacks them: no page may do so for our own.
    #[test]
    fn every_word_of_the_pages_is_in_the_glossary() {
        let glossary = beffroi_rules::pack::Pack::embedded().unwrap().glossary;
        let mut words: Vec<(&str, &str)> = Vec::new();
        words.extend(VERDICTS.map(|verdict| ("verdict", verdict_id(verdict))));
        words.extend(DECISIONS.map(|decision| ("decision", decision_id(decision))));
        let outcomes = [
            GapOutcome::Shortfall,
            GapOutcome::Compliant,
            GapOutcome::Unknown,
            GapOutcome::NotApplicable,
        ];
        words.extend(outcomes.map(|outcome| ("outcome", outcome_id(outcome))));
        words.extend(["critical", "high", "medium", "low"].map(|id| ("severity", id)));
        words.extend(["high", "medium", "low"].map(|id| ("confidence", id)));
        words.extend(["owner", "group", "everyone"].map(|id| ("readable_by", id)));
        words.extend(["open", "accepted", "refused"].map(|id| ("proposal_status", id)));
        words.extend(["rule", "scan", "person"].map(|id| ("provenance", id)));
        words.extend(["dpo", "reader"].map(|id| ("role", id)));
        words.extend(
            ["commune", "ccas", "epci", "syndicat", "other"].map(|id| ("organisation_kind", id)),
        );
        for (group, id) in words {
            assert!(glossary.label(group, id).is_some(), "{group}.{id}");
        }
    }
}
