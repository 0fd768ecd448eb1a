//! Templates: documents as a town hall keeps them, with slots for what changes.
//!
//! ```text
//! [[nir]]                   a value, planted
//! [[?phone]]                the same, but a matter of judgement: found or not, both are right
//! [[health=asthme|diabète]] one of these words, planted as that kind
//! [[né le|née le]]          one of these words, nothing planted
//! [[next]]                  from here on, someone else
//! @repeat 5 40              what follows until @end, several times, each time for someone else
//! @maybe 30                 what follows until @end, or nothing, with that chance out of a hundred
//! @encoding cp850           on the first lines: only in these encodings
//! ```

use anyhow::{Context, bail, ensure};

use crate::encoding::Encoding;

#[derive(Debug)]
pub(crate) struct Template {
    /// The file's stem and extension.
    pub(crate) name: String,
    pub(crate) extension: String,
    /// Empty: any that suits the extension.
    pub(crate) encodings: Vec<Encoding>,
    pub(crate) body: Vec<Part>,
}

#[derive(Debug)]
pub(crate) enum Part {
    Text(String),
    Value {
        name: String,
        tolerated: bool,
    },
    Planted {
        kind: String,
        words: Vec<String>,
        tolerated: bool,
    },
    Words(Vec<String>),
    Next,
    Repeat {
        low: u32,
        high: u32,
        body: Vec<Part>,
    },
    Maybe {
        percent: u32,
        body: Vec<Part>,
    },
}

impl Template {
    pub(crate) fn parse(file: &str, text: &str) -> anyhow::Result<Self> {
        let (name, extension) = file
            .rsplit_once('.')
            .context("a template has an extension")?;
        let mut lines = text.lines().peekable();
        let mut encodings = Vec::new();
        while let Some(names) = lines
            .peek()
            .and_then(|line| line.strip_prefix("@encoding "))
        {
            for name in names.split_whitespace() {
                encodings.push(
                    Encoding::named(name).with_context(|| format!("unknown encoding {name}"))?,
                );
            }
            lines.next();
        }
        let body = block(&mut lines, false)?;
        Ok(Self {
            name: name.to_owned(),
            extension: extension.to_owned(),
            encodings,
            body,
        })
    }
}

fn block<'t>(lines: &mut impl Iterator<Item = &'t str>, inner: bool) -> anyhow::Result<Vec<Part>> {
    let mut parts = Vec::new();
    while let Some(line) = lines.next() {
        if line == "@end" {
            ensure!(inner, "@end without a beginning");
            return Ok(parts);
        }
        let Some(directive) = line
            .strip_prefix('@')
            .filter(|rest| rest.starts_with(['r', 'm']))
        else {
            slots(line, &mut parts)?;
            parts.push(Part::Text("\n".to_owned()));
            continue;
        };
        let words: Vec<&str> = directive.split_whitespace().collect();
        match words.as_slice() {
            ["repeat", low, high] => parts.push(Part::Repeat {
                low: low.parse()?,
                high: high.parse()?,
                body: block(lines, true)?,
            }),
            ["maybe", percent] => parts.push(Part::Maybe {
                percent: percent.parse()?,
                body: block(lines, true)?,
            }),
            _ => bail!("unknown directive {line}"),
        }
    }
    ensure!(!inner, "a block without @end");
    Ok(parts)
}

fn slots(line: &str, parts: &mut Vec<Part>) -> anyhow::Result<()> {
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("[[") {
        let (slot, after) = after
            .split_once("]]")
            .with_context(|| format!("a slot without an end: {line}"))?;
        if !before.is_empty() {
            parts.push(Part::Text(before.to_owned()));
        }
        parts.push(part(slot));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest.to_owned()));
    }
    Ok(())
}

fn part(slot: &str) -> Part {
    if slot == "next" {
        return Part::Next;
    }
    let (tolerated, slot) = match slot.strip_prefix('?') {
        Some(rest) => (true, rest),
        None => (false, slot),
    };
    let words = |text: &str| text.split('|').map(str::to_owned).collect();
    if let Some((kind, text)) = slot.split_once('=') {
        return Part::Planted {
            kind: kind.to_owned(),
            words: words(text),
            tolerated,
        };
    }
    if slot.contains('|') {
        return Part::Words(words(slot));
    }
    Part::Value {
        name: slot.to_owned(),
        tolerated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_slots_and_blocks() {
        let template = Template::parse(
            "lettre.txt",
            "@encoding cp850\nNIR : [[nir]], [[?phone]]\n@repeat 2 3\n[[oui|non]]\n@end\n",
        )
        .unwrap();

        assert_eq!(template.encodings, [Encoding::Cp850]);
        assert!(
            matches!(&template.body[1], Part::Value { name, tolerated: false } if name == "nir")
        );
        assert!(
            matches!(&template.body[3], Part::Value { name, tolerated: true } if name == "phone")
        );
        assert!(
            matches!(template.body.last(), Some(Part::Repeat { low: 2, high: 3, body }) if body.len() == 2)
        );
    }

    #[test]
    fn refuses_what_is_left_open() {
        for text in ["[[nir\n", "@repeat 1 2\nnom\n", "@end\n", "@maybe\n@end\n"] {
            assert!(Template::parse("lettre.txt", text).is_err(), "{text}");
        }
    }
}
