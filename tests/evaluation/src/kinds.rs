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
    plain("ip"),
    plain("mac"),
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
    }
}

const fn plain(id: &'static str) -> Kind {
    Kind {
        id,
        has_checksum: false,
        measure: Measure::Values,
    }
}

const fn theme(id: &'static str) -> Kind {
    Kind {
        id,
        has_checksum: false,
        measure: Measure::Documents,
    }
}
