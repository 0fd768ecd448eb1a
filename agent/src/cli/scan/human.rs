//! For somebody who reads: the files that matter, then a summary, in French.

use std::io::Write;

use beffroi_agent::scan::{ScannedFile, Verdict};
use beffroi_rules::pack::Pack;

use super::super::output::{printable, size};
use super::Printer;
use super::overview::Overview;

pub(super) struct Human<'p, W> {
    output: W,
    labels: &'p Pack,
}

impl<'p, W: Write> Human<'p, W> {
    pub(super) fn new(output: W, labels: &'p Pack) -> Self {
        Self { output, labels }
    }

    fn verdict(&self, verdict: Verdict) -> &'p str {
        self.labels.glossary.french("verdict", verdict.as_str())
    }

    fn totals(&mut self, overview: &Overview) -> anyhow::Result<()> {
        writeln!(self.output, "\nFichiers :")?;
        for ((verdict, reason), total) in &overview.pass.totals {
            let verdict = self.verdict(*verdict);
            let size = size(total.size_bytes);
            match reason {
                None => writeln!(self.output, "  {verdict} : {} ({size})", total.files)?,
                Some(reason) => {
                    let reason = self.labels.glossary.french("reason", reason.as_str());
                    writeln!(
                        self.output,
                        "  {verdict} ({reason}) : {} ({size})",
                        total.files
                    )?;
                }
            }
        }
        Ok(())
    }

    fn kinds(&mut self, overview: &Overview) -> anyhow::Result<()> {
        if overview.kinds.is_empty() {
            writeln!(
                self.output,
                "\nAucune donnée personnelle reconnue dans les fichiers lus."
            )?;
            return Ok(());
        }
        writeln!(
            self.output,
            "\nDonnées personnelles, dans {} fichier(s) :",
            overview.bearing_files
        )?;
        for (kind, total) in &overview.kinds {
            writeln!(
                self.output,
                "  {} : {} dans {} fichier(s) (sûres {}, probables {}, possibles {})",
                self.labels.kinds.french(kind),
                total.count,
                total.files,
                total.high,
                total.medium,
                total.low
            )?;
        }
        Ok(())
    }
}

fn hidden(values: u64) -> String {
    match values {
        1 => "1 valeur masquée par une exception".to_owned(),
        values => format!("{values} valeurs masquées par une exception"),
    }
}

impl<W: Write> Printer for Human<'_, W> {
    fn file(&mut self, file: &ScannedFile) -> anyhow::Result<()> {
        if file.tallies.is_empty() && file.hidden.is_empty() {
            return Ok(());
        }
        let path = printable(&file.path);
        if file.verdict == Verdict::Read {
            writeln!(self.output, "{path}")?;
        } else {
            let detail = file.detail.as_deref();
            let detail = detail.map_or_else(String::new, |detail| format!(" : {detail}"));
            let verdict = self.verdict(file.verdict);
            writeln!(self.output, "{path} ({verdict}{detail})")?;
        }
        for tally in &file.tallies {
            write!(
                self.output,
                "  {} : {}",
                self.labels.kinds.french(tally.kind.as_str()),
                tally.count
            )?;
            if tally.persons > 0 {
                write!(self.output, ", {} personne(s)", tally.persons)?;
            }
            if let Some(sample) = tally.samples.first() {
                let masked = printable(&sample.masked);
                write!(self.output, ", par exemple « {masked} » {}", sample.place)?;
            }
            writeln!(self.output)?;
        }
        if !file.hidden.is_empty() {
            writeln!(self.output, "  {}", hidden(file.hidden_values()))?;
        }
        // Shown while the scan goes on.
        self.output.flush()?;
        Ok(())
    }

    fn end(&mut self, overview: &Overview) -> anyhow::Result<()> {
        self.totals(overview)?;
        self.kinds(overview)?;
        if overview.hidden_values > 0 {
            writeln!(self.output, "\n{}.", hidden(overview.hidden_values))?;
        }
        for (root, reason) in &overview.incomplete_roots {
            let root = printable(&root.to_string_lossy());
            let why = self.labels.glossary.french("reason", reason.as_str());
            writeln!(self.output, "\nAnalyse incomplète de {root} : {why}.")?;
        }
        self.output.flush()?;
        Ok(())
    }
}
