//! The kinds of personal data that the documents hold, and how each is compared.

/// What is counted for a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Every value, in every document.
    Values,
    /// The document, once: a file either tells something of someone's health or does not.
    Documents,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    pub id: &'static str,
    /// Check digits let a detector be nearly always right.
    pub has_checksum: bool,
    pub measure: Measure,
    /// The least confidence at which it counts as found.
    pub from: From,
}

/// The least confidence that counts as found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    Medium,
    Low,
}

pub fn kind(id: &str) -> Option<Kind> {
    KINDS.iter().find(|kind| kind.id == id).copied()
}

pub(crate) const KINDS: &[Kind] = &[
    keyed("nir"),
    keyed("nir_provisional"),
    plain("nir_nnp"),
    plain("nir_mig"),
    keyed("iban"),
    keyed("rib"),
    keyed("payment_card"),
    keyed("spi"),
    keyed("siret"),
    keyed("siren"),
    keyed("vat"),
    keyed("mrz"),
    keyed("rpps"),
    plain("rna"),
    plain("email"),
    plain("phone"),
    plain("birth_date"),
    plain("plate"),
    plain("ine"),
    plain("numen"),
    plain("foreigner_number"),
    plain("neph"),
    plain("driving_licence"),
    plain("identity_card"),
    plain("passport"),
    plain("caf_number"),
    plain("voter_number"),
    plain("adeli"),
    faint("ip_address"),
    faint("mac_address"),
    plain("postal_address"),
    plain("person_name"),
    plain("secret"),
    theme("health"),
    theme("social_difficulty"),
    theme("union"),
    theme("religion"),
    theme("origin"),
    theme("politics"),
    theme("sexual_life"),
    theme("offence"),
];

const fn keyed(id: &'static str) -> Kind {
    Kind {
        id,
        has_checksum: true,
        measure: Measure::Values,
        from: From::Medium,
    }
}

const fn plain(id: &'static str) -> Kind {
    Kind {
        id,
        has_checksum: false,
        measure: Measure::Values,
        from: From::Medium,
    }
}

/// An address of a machine says little of a person: the rules give it a low confidence unless a word names it.
const fn faint(id: &'static str) -> Kind {
    Kind {
        from: From::Low,
        ..plain(id)
    }
}

const fn theme(id: &'static str) -> Kind {
    Kind {
        id,
        has_checksum: false,
        measure: Measure::Documents,
        from: From::Medium,
    }
}
