//! `allow`: what a town knows and does not want to be shown again.

use std::{
    io::{self, Read},
    path::Path,
};

use anyhow::bail;
use beffroi_collector::{
    allowance::{self, Asked, End, What},
    model::{Actor, Allowance, AllowanceId, AllowedSubject},
};
use clap::{Args, Subcommand};
use jiff::{Timestamp, tz::TimeZone};
use zeroize::Zeroizing;

use super::{open_store, organisation_named, rules};

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Ajoute une exception ; les agents connectés l'apprennent dans la minute et revoient leurs fichiers.
    #[command(after_help = "Exemples :
  beffroi-collector allow add --organisation \"Commune de Saint-Aubin\" --email-domain mairie-saint-aubin.fr \\
      --reason \"adresses de service, publiques\" --until 2027-12-31
  beffroi-collector allow add --organisation \"Commune de Saint-Aubin\" --value-stdin --kind iban \\
      --reason \"compte du Trésor public, sur toutes les factures\" --no-end < iban.txt
  beffroi-collector allow add --organisation \"Commune de Saint-Aubin\" --kind phone --path \"**/annuaire/**\" \\
      --reason \"annuaire public\" --until 2027-06-30")]
    Add(Box<Addition>),
    /// Liste les exceptions d'une collectivité, et ce que chacune laisse de côté.
    List {
        #[arg(long)]
        organisation: String,
    },
    /// Lève une exception : ce qu'elle laissait de côté est de nouveau montré après la prochaine analyse.
    End {
        #[arg(long)]
        organisation: String,
        /// Identifiant donné par « list ».
        exception: AllowanceId,
    },
}

#[derive(Debug, Args)]
pub(super) struct Addition {
    #[arg(long)]
    organisation: String,

    /// Lire une valeur sur l'entrée standard : elle ne reste ainsi dans aucun historique, et n'est gardée que hachée.
    #[arg(long, conflicts_with_all = ["email_domain", "detector", "everything"])]
    value_stdin: bool,

    /// Toutes les adresses de ce domaine.
    #[arg(long, value_name = "DOMAINE", conflicts_with_all = ["kind", "detector", "everything"])]
    email_domain: Option<String>,

    /// Toutes les données de cette nature ; avec --value-stdin, la nature de la valeur.
    #[arg(long, value_name = "NATURE", conflicts_with_all = ["detector", "everything"])]
    kind: Option<String>,

    /// Tout ce que trouve cette règle (voir : beffroi-agent rules list).
    #[arg(long, value_name = "RÈGLE", conflicts_with = "everything")]
    detector: Option<String>,

    /// Tout ce qui est trouvé ; demande --path.
    #[arg(long, requires = "path")]
    everything: bool,

    /// Seulement dans les fichiers dont le chemin suit ce motif, par exemple « **/annuaire/** ».
    #[arg(long, value_name = "MOTIF", default_value = "")]
    path: String,

    /// Pourquoi ; reste dans le journal.
    #[arg(long, value_name = "MOTIF")]
    reason: String,

    /// Dernier jour où elle vaut, comme 2027-12-31.
    #[arg(
        long,
        value_name = "DATE",
        required_unless_present = "no_end",
        conflicts_with = "no_end"
    )]
    until: Option<String>,

    /// Sans date de fin.
    #[arg(long)]
    no_end: bool,
}

pub(super) async fn run(data: &Path, verb: Verb) -> anyhow::Result<()> {
    let (_, store) = open_store(data).await?;
    match verb {
        Verb::Add(addition) => {
            let organisation = organisation_named(&store, &addition.organisation).await?;
            let town = store.of(organisation.id);
            let typed = addition.typed_value()?;
            let asked = addition.asked(&typed)?;
            let key = town.content_key().await?;
            let now = Timestamp::now();
            let new = allowance::read(asked, &rules::engine(data)?, &key, now)?;
            let allowance = town.allow(new, Actor::Operator, now).await?;
            println!("{}", line(&allowance, now));
        }
        Verb::List { organisation } => {
            let organisation = organisation_named(&store, &organisation).await?;
            let town = store.of(organisation.id);
            let totals = town.hidden_totals().await?;
            for allowance in town.allowances().await? {
                println!("{}", line(&allowance, Timestamp::now()));
                println!("    motif : {}", allowance.reason);
                let total = totals.iter().find(|total| total.allowance == allowance.id);
                if let Some(total) = total {
                    println!(
                        "    laisse de côté {} valeur(s) dans {} fichier(s)",
                        total.values, total.files
                    );
                }
            }
        }
        Verb::End {
            organisation,
            exception,
        } => {
            let organisation = organisation_named(&store, &organisation).await?;
            store
                .of(organisation.id)
                .end_allowance(exception, Actor::Operator, Timestamp::now())
                .await?;
            println!("{exception} : levée");
        }
    }
    Ok(())
}

impl Addition {
    fn typed_value(&self) -> anyhow::Result<Zeroizing<String>> {
        let mut typed = Zeroizing::new(String::new());
        if self.value_stdin {
            io::stdin().take(1_000).read_to_string(&mut typed)?;
        }
        Ok(typed)
    }

    fn asked<'a>(&'a self, typed: &'a str) -> anyhow::Result<Asked<'a>> {
        let kind = self.kind.as_deref();
        let what = match (&self.email_domain, &self.detector) {
            _ if self.value_stdin => What::Value {
                text: typed,
                kind: kind.unwrap_or_default(),
            },
            _ if self.everything => What::Everything,
            (Some(domain), _) => What::EmailDomain(domain),
            (_, Some(detector)) => What::Detector(detector),
            _ => match kind {
                Some(kind) => What::Kind(kind),
                None => bail!(
                    "dites quoi laisser de côté : --value-stdin, --email-domain, --kind, --detector, ou --everything"
                ),
            },
        };
        Ok(Asked {
            what,
            path: &self.path,
            reason: &self.reason,
            end: self.until.as_deref().map_or(End::Never, End::On),
        })
    }
}

fn line(allowance: &Allowance, now: Timestamp) -> String {
    let what = match &allowance.subject {
        AllowedSubject::Everything => "tout".to_owned(),
        AllowedSubject::Kind { kind } => format!("nature {kind}"),
        AllowedSubject::Detector { detector } => format!("règle {detector}"),
        AllowedSubject::EmailDomain { domain } => format!("adresses @{domain}"),
        AllowedSubject::Value { kind, masked, .. } => format!("{kind} « {masked} »"),
    };
    let place = match allowance.path.as_str() {
        "" => String::new(),
        path => format!(" dans {path}"),
    };
    let state = match (allowance.is_in_force(now), allowance.ends_at) {
        (false, _) if allowance.ended_at.is_some() => "levée".to_owned(),
        (false, _) => "échue".to_owned(),
        (true, None) => "sans date de fin".to_owned(),
        (true, Some(end)) => {
            let end = end.to_zoned(TimeZone::system());
            format!("jusqu'au {}", end.strftime("%d/%m/%Y %H:%M"))
        }
    };
    format!("{}  {what}{place}  {state}", allowance.id)
}
