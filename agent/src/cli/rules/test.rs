//! `rules test`: what the rules see in a text, what they turn down and why. A value is shown masked only, even to the person
//! who typed it: terminals are recorded.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use beffroi_agent::config::Config;
use beffroi_agent::exit::Exit;
use beffroi_agent::extract::{Outcome, Receiver};
use beffroi_agent::scan::Allowances;
use beffroi_agent::worker::Worker;
use beffroi_rules::confidence::Confidence;
use beffroi_rules::detect::{Examination, Hit, Miss, Stranger};
use beffroi_rules::kinds::Kinds;
use clap::Args;

use super::super::exceptions;

/// A text to argue about, not a share: the beginning of a longer file is enough.
const MOST_BYTES: usize = 1024 * 1024;

#[derive(Debug, Args)]
#[command(
    long_about = "Explique ce que les règles voient dans un texte : ce qui est trouvé et pourquoi, et ce qui y ressemble \
        mais n'est pas retenu, avec la raison. Les valeurs sont montrées masquées. Sur un poste enrôlé, les exceptions de la \
        collectivité sont dites. Rien n'est envoyé ni gardé.\n\n\
        Le texte est lu seul : ce que montre un fichier entier (presque toute une colonne de valeurs justes, beaucoup \
        de numéros faux autour) ne compte que dans « scan ».",
    after_help = "Codes de sortie : 0 le texte est expliqué, 1 il n'a pas pu être lu, 2 ligne de commande incorrecte.

Exemples :
  beffroi-agent rules test \"NIR : 1 85 05 78 006 084 36\"
  beffroi-agent rules test --header Téléphone 612345678
  beffroi-agent rules test --file courrier.txt
  beffroi-agent rules test - < courrier.txt"
)]
pub(crate) struct Arguments {
    /// Texte à expliquer ; « - » le lit sur l'entrée standard.
    #[arg(value_name = "TEXTE", required_unless_present = "file")]
    text: Option<String>,

    /// Lire le texte dans ce fichier, décodé comme par une analyse.
    #[arg(long, value_name = "FICHIER", conflicts_with = "text")]
    file: Option<PathBuf>,

    /// Lire le texte comme une cellule de tableau, sous ce titre de colonne.
    #[arg(long, value_name = "TITRE")]
    header: Option<String>,
}

pub(super) fn run(arguments: &Arguments, config: &Config) -> anyhow::Result<Exit> {
    let pack = super::pack()?;
    let text = text(arguments, config)?;
    let allowances = exceptions::in_force(config);
    let allowed = allowances.as_ref().map(Allowances::everywhere);
    let examination = super::engine()?.examine(&text, arguments.header.as_deref(), allowed);
    let shown = Shown {
        kinds: &pack.kinds,
        text: &text,
    };
    io::stdout().write_all(shown.whole(&examination)?.as_bytes())?;
    Ok(Exit::Success)
}

fn text(arguments: &Arguments, config: &Config) -> anyhow::Result<String> {
    if let Some(path) = &arguments.file {
        return read_file(path, config.scan.patience())
            .with_context(|| format!("impossible de lire {}", path.display()));
    }
    match arguments.text.as_deref() {
        Some("-") => {
            let mut bytes = Vec::new();
            io::stdin()
                .take(u64::try_from(MOST_BYTES)?)
                .read_to_end(&mut bytes)?;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        }
        text => Ok(text.unwrap_or_default().to_owned()),
    }
}

fn read_file(path: &Path, patience: Duration) -> anyhow::Result<String> {
    let file = File::open(path)?;
    let size_bytes = file.metadata()?.len();
    let is_enough = AtomicBool::new(false);
    let mut gathered = Gathered {
        text: String::new(),
        is_enough: &is_enough,
    };
    Worker::new(patience).read(&file, size_bytes, u64::MAX, None, &is_enough, &mut gathered)?;
    Ok(gathered.text)
}

/// All that a file says, rows as lines, up to what is enough.
struct Gathered<'a> {
    text: String,
    is_enough: &'a AtomicBool,
}

impl Gathered<'_> {
    /// A part begins on a line of its own; the first one on the first.
    fn part(&mut self) {
        if !self.text.is_empty() {
            self.push("\n");
        }
    }

    fn push(&mut self, text: &str) {
        if self.text.len() < MOST_BYTES {
            self.text.push_str(text);
        } else {
            self.is_enough.store(true, Ordering::Relaxed);
        }
    }
}

impl Receiver for Gathered<'_> {
    fn begin_text(&mut self, _within: Option<&str>) {
        self.part();
    }

    fn text(&mut self, chunk: &str) {
        self.push(chunk);
    }

    fn begin_table(&mut self, _within: Option<&str>, _first_row: u64) {
        self.part();
    }

    fn row(&mut self, cells: &[&str]) {
        self.push(&cells.join(" ; "));
        self.push("\n");
    }

    fn begin_member(&mut self, _name: &str) {
        self.part();
    }

    fn end_member(&mut self, _outcome: &Outcome<'_>, _size_bytes: u64) {
        self.push("\n");
    }
}

/// Writes an examination for a person.
struct Shown<'a> {
    kinds: &'a Kinds,
    text: &'a str,
}

impl Shown<'_> {
    fn whole(&self, examination: &Examination) -> Result<String, std::fmt::Error> {
        let mut lines = String::new();
        if !examination.hits.is_empty() {
            writeln!(lines, "Trouvé :")?;
        }
        for hit in &examination.hits {
            self.hit(&mut lines, hit)?;
        }
        if !examination.hidden.is_empty() {
            writeln!(
                lines,
                "Trouvé, mais masqué par une exception de la collectivité :"
            )?;
        }
        for (hit, _) in &examination.hidden {
            self.hit(&mut lines, hit)?;
        }
        if !examination.misses.is_empty() {
            writeln!(lines, "Ressemblant, mais pas retenu :")?;
        }
        for miss in &examination.misses {
            self.miss(&mut lines, miss)?;
        }
        if !examination.strangers.is_empty() {
            writeln!(lines, "Inconnu :")?;
        }
        for stranger in &examination.strangers {
            self.stranger(&mut lines, stranger)?;
        }
        if lines.is_empty() {
            writeln!(
                lines,
                "Rien dans ce texte ne ressemble à une donnée que les règles connaissent."
            )?;
        }
        Ok(lines)
    }

    fn hit(&self, lines: &mut String, hit: &Hit) -> std::fmt::Result {
        let sure = match hit.confidence {
            Confidence::High => "sûr",
            Confidence::Medium => "probable",
            Confidence::Low => "possible",
        };
        writeln!(
            lines,
            "  {} « {} », {} : {sure} (règle {})",
            self.kinds.french(hit.kind.as_str()),
            hit.masked,
            self.place(&hit.span),
            hit.detector
        )?;
        if !hit.reasons.is_empty() {
            writeln!(lines, "    {}", hit.reasons.join(" ; "))?;
        }
        Ok(())
    }

    fn miss(&self, lines: &mut String, miss: &Miss) -> std::fmt::Result {
        writeln!(
            lines,
            "  {} « {} », {} (règle {})",
            self.kinds.french(miss.kind.as_str()),
            miss.masked,
            self.place(&miss.span),
            miss.detector
        )?;
        writeln!(lines, "    {}", miss.why)
    }

    fn stranger(&self, lines: &mut String, stranger: &Stranger) -> std::fmt::Result {
        writeln!(
            lines,
            "  {} chiffres ou lettres, {} : aucune règle n'a cette forme",
            stranger.symbols,
            self.place(&stranger.span)
        )
    }

    /// As an editor counts: lines and characters from 1.
    fn place(&self, span: &Range<usize>) -> String {
        let before = self.text.get(..span.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let start_of_line = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before
            .get(start_of_line..)
            .map_or(0, |line| line.chars().count());
        let length = self
            .text
            .get(span.clone())
            .map_or(0, |value| value.chars().count());
        format!(
            "ligne {line}, caractères {} à {}",
            column + 1,
            column + length
        )
    }
}
