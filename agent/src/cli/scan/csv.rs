//! A table for a spreadsheet: one line for each kind found in each file, one for each file without any.
//!
//! Semicolons and a byte order mark, so that a French Excel opens it as it is.

use std::io::Write;

use beffroi_agent::scan::ScannedFile;

use super::Printer;
use super::overview::Overview;

pub(super) struct Csv<W: Write>(csv::Writer<W>);

const COLUMNS: [&str; 13] = [
    "chemin",
    "verdict",
    "raison",
    "type",
    "octets",
    "masquées par une exception",
    "donnée",
    "nombre",
    "distinctes",
    "personnes",
    "sûres",
    "probables",
    "exemples masqués",
];

impl<W: Write> Csv<W> {
    pub(super) fn new(mut output: W) -> anyhow::Result<Self> {
        output.write_all("\u{feff}".as_bytes())?;
        let mut table = csv::WriterBuilder::new()
            .delimiter(b';')
            .from_writer(output);
        table.write_record(COLUMNS)?;
        Ok(Self(table))
    }
}

impl<W: Write> Printer for Csv<W> {
    fn file(&mut self, file: &ScannedFile) -> anyhow::Result<()> {
        let about_file: [String; 6] = [
            harmless(&file.path),
            file.verdict.as_str().to_owned(),
            file.reason.map_or("", |reason| reason.as_str()).to_owned(),
            file.media_type.clone().unwrap_or_default(),
            file.size_bytes.to_string(),
            file.hidden_values().to_string(),
        ];
        if file.tallies.is_empty() {
            let nothing = std::iter::repeat_n(String::new(), COLUMNS.len() - about_file.len());
            return written(self.0.write_record(about_file.into_iter().chain(nothing)));
        }
        for tally in &file.tallies {
            let samples: Vec<String> = tally
                .samples
                .iter()
                .map(|sample| format!("{} ({})", sample.masked, sample.place))
                .collect();
            let about_tally = [
                tally.kind.to_string(),
                tally.count.to_string(),
                tally.distinct.to_string(),
                tally.persons.to_string(),
                tally.confidence.high.to_string(),
                tally.confidence.medium.to_string(),
                harmless(&samples.join(", ")),
            ];
            let line = about_file.iter().chain(&about_tally);
            written(self.0.write_record(line))?;
        }
        Ok(())
    }

    fn end(&mut self, _: &Overview) -> anyhow::Result<()> {
        self.0.flush()?;
        Ok(())
    }
}

fn written(result: csv::Result<()>) -> anyhow::Result<()> {
    result.map_err(|error| match error.into_kind() {
        // Kept as it is: a closed pipe is told from the rest by it.
        csv::ErrorKind::Io(error) => error.into(),
        other => anyhow::anyhow!("résultat impossible à écrire : {other:?}"),
    })
}

/// A spreadsheet must not run what a file is named after.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        return format!("'{cell}");
    }
    cell.to_owned()
}
