//! Mailboxes of Outlook (`.pst`, `.ost`): folders of items ([MS-PST]).
//!
//! Our own reader of the file format: `outlook-pst` wants a file of its own, for as long as the program runs, holds every
//! message with its attachments in memory, follows trees of pages wherever they lead, and refuses the mailboxes that Outlook
//! keeps of a server since 2013 (`.ost` with pages of 4 kB), which are read here too.
//!
//! In: the bytes of the file, read anywhere. Out: each item under its place, « Boîte de réception › message 17 « Objet » ».
//! Layers, from the file up: [`file`] has the pages, two trees of them say where nodes and blocks are; [`node`] joins the blocks
//! of a node; [`heap`] is what a node holds, a set of properties or a table.

mod cipher;
mod file;
mod heap;
mod item;
mod node;

use std::collections::HashMap;
use std::io;

use self::file::{Mailbox, NodeEntry};
use self::item::Stored;
use self::node::Node;
use super::properties::text_of;
use super::{Names, damaged, extract as extract_item};
use crate::extract::reading::Reading;
use crate::extract::source::Anywhere;
use crate::extract::{Coverage, Outcome};

pub(in crate::extract) const MEDIA_TYPE: &str = "application/vnd.ms-outlook-pst";

/// Kinds of nodes ([MS-PST] 2.2.2.1).
const FOLDER: u32 = 0x02;
const MESSAGE: u32 = 0x04;
/// The node that says how the file numbers properties of others.
const NAME_MAP: u32 = 0x61;
/// No mailbox has more folders, nor a deeper one.
const MOST_FOLDERS: usize = 100_000;
const DEEPEST_FOLDER: usize = 32;

const DISPLAY_NAME: u16 = 0x3001;
const SUBJECT: u16 = 0x0037;
const LONGEST_SUBJECT: usize = 60;

pub(in crate::extract) fn extract(
    file: Anywhere<'_>,
    reading: &mut Reading<'_>,
) -> io::Result<Outcome<'static>> {
    let coverage = match Mailbox::open(file)? {
        Some(mut mailbox) => items(&mut mailbox, reading)?,
        // Enciphered for one account of Windows.
        None => Coverage::Encrypted,
    };
    Ok(Outcome {
        media_type: MEDIA_TYPE,
        coverage,
    })
}

/// The items of every folder, those that are in no folder any more too.
fn items(mailbox: &mut Mailbox<'_>, reading: &mut Reading<'_>) -> io::Result<Coverage> {
    let names = names(mailbox, reading).or_else(|error| {
        damaged(error, reading)?;
        Ok::<_, io::Error>(Names::default())
    })?;
    let mut folders = Folders::default();
    let mut is_whole = true;
    let mut walk = mailbox.nodes();
    while let Some(entry) = walk.next(mailbox)? {
        if entry.kind() == FOLDER && folders.0.len() < MOST_FOLDERS {
            let name = folder_name(mailbox, &entry, reading);
            let name = name.or_else(|error| damaged(error, reading).map(|_| String::new()))?;
            folders.0.insert(
                entry.number,
                Folder {
                    name,
                    parent: entry.parent,
                    items: 0,
                },
            );
        }
    }
    is_whole &= walk.is_whole();
    let mut walk = mailbox.nodes();
    while let Some(entry) = walk.next(mailbox)? {
        if entry.kind() != MESSAGE {
            continue;
        }
        let rank = folders.next_item(entry.parent);
        let folder = folders.path(entry.parent);
        let read = item(mailbox, &entry, &names, &folder, rank, reading);
        is_whole &= read.or_else(|error| damaged(error, reading))?;
    }
    Ok(if is_whole {
        Coverage::Whole
    } else {
        Coverage::Damaged
    })
}

fn item(
    mailbox: &mut Mailbox<'_>,
    entry: &NodeEntry,
    names: &Names,
    folder: &str,
    rank: u64,
    reading: &mut Reading<'_>,
) -> io::Result<bool> {
    let node = Node::open(mailbox, entry)?;
    let mut item = Stored::new(mailbox, node, names, reading)?;
    let place = place(folder, rank, text_of(item.known(), SUBJECT));
    let coverage = reading.within(&place, |reading| extract_item(&mut item, reading))?;
    Ok(coverage == Coverage::Whole)
}

/// Where a person finds an item. Subjects name what is looked for; their digits may be somebody's number, and places are
/// told to others.
fn place(folder: &str, rank: u64, subject: Option<&str>) -> String {
    let Some(subject) = subject else {
        return format!("{folder} › message {rank}");
    };
    // Two letters before the subject may say how long its « RE: » is.
    let subject = subject.trim_start_matches(char::is_control);
    let cut: String = subject.chars().take(LONGEST_SUBJECT).collect();
    let words = cut.split(' ').map(|word| {
        if word.contains('@') {
            return "•".to_owned();
        }
        word.replace(|letter: char| letter.is_numeric(), "•")
    });
    let shown = words.collect::<Vec<_>>().join(" ");
    format!("{folder} › message {rank} « {shown} »")
}

fn names(mailbox: &mut Mailbox<'_>, reading: &Reading<'_>) -> io::Result<Names> {
    const ENTRIES: u16 = 0x0003;
    const TEXTS: u16 = 0x0004;
    let Some(entry) = mailbox.node(NAME_MAP)? else {
        return Ok(Names::default());
    };
    let node = Node::open(mailbox, &entry)?;
    let none = Names::default();
    let mut map = Stored::new(mailbox, node, &none, reading)?;
    let (entries, texts) = (map.value(ENTRIES, reading)?, map.value(TEXTS, reading)?);
    Ok(Names::of(&entries, &texts))
}

fn folder_name(
    mailbox: &mut Mailbox<'_>,
    entry: &NodeEntry,
    reading: &Reading<'_>,
) -> io::Result<String> {
    let node = Node::open(mailbox, entry)?;
    let none = Names::default();
    let folder = Stored::new(mailbox, node, &none, reading)?;
    let name = text_of(folder.known(), DISPLAY_NAME);
    Ok(name.unwrap_or_default().to_owned())
}

/// By the numbers of their nodes.
#[derive(Default)]
struct Folders(HashMap<u32, Folder>);

struct Folder {
    name: String,
    parent: u32,
    items: u64,
}

impl Folders {
    /// The rank of one more item of a folder.
    fn next_item(&mut self, folder: u32) -> u64 {
        let folder = self.0.entry(folder).or_insert(Folder {
            name: String::new(),
            parent: 0,
            items: 0,
        });
        folder.items += 1;
        folder.items
    }

    /// From the outermost folder that has a name.
    fn path(&self, number: u32) -> String {
        let mut names = Vec::new();
        let mut number = number;
        while let Some(folder) = self.0.get(&number).filter(|_| names.len() < DEEPEST_FOLDER) {
            names.push(folder.name.as_str());
            if folder.parent == number {
                break;
            }
            number = folder.parent;
        }
        names.reverse();
        names.retain(|name| !name.is_empty());
        // The outermost is there in every mailbox, and nobody sees it.
        match names.as_slice() {
            [] => "hors dossier".to_owned(),
            [only] => (*only).to_owned(),
            [_, seen @ ..] => seen.join(" › "),
        }
    }
}
