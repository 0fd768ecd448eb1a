//! Compound files (OLE): a small file system in a file. Word, Excel and PowerPoint documents of before 2007 are storages of
//! streams in it, and so is what was embedded in them; so are mails of Outlook.
//!
//! Our own readers over `cfb`, after Microsoft's open specifications ([MS-DOC], [MS-XLS], [MS-PPT], [MS-OLEPS], [MS-OXMSG]). Tried: undoc
//! leaves out headers, comments and text boxes; calamine builds sheets as large as their corners are far apart, and leaves out
//! comments, headers and links.
//!
//! In: the bytes of the file, read anywhere. Out: segments with places as the program shows them.

mod message;
mod padding;
mod presentation;
mod properties;
mod word;
mod workbook;

use std::io;

use cfb::{CompoundFile, Stream};

pub(super) use self::workbook::of_rk;
use super::object;
use super::reading::Reading;
use super::source::Anywhere;
use super::{Coverage, Outcome};

pub(in crate::extract) fn extract(
    file: Anywhere<'_>,
    media_type: &'static str,
    reading: &mut Reading<'_>,
) -> io::Result<Outcome<'static>> {
    let mut compound = CompoundFile::open(padding::mended(file)?)?;
    let mut root = Storage::root(&mut compound);
    if message::is_one(&root) {
        return message::extract(root, reading);
    }
    let contents = Contents::of(&root, reading.limits().entries);
    if contents.is_encrypted {
        return Ok(Outcome {
            media_type: "application/x-ole-encrypted-package",
            coverage: Coverage::Encrypted,
        });
    }
    let outcome = match contents.kind {
        Some(kind) => document(kind, &mut root, reading)?,
        None => Outcome {
            media_type,
            coverage: contents.without_document(),
        },
    };
    if outcome.coverage == Coverage::Encrypted {
        return Ok(outcome);
    }
    for (rank, object) in (1..).zip(&contents.objects) {
        let name = format!("objet incorporé {rank}");
        embedded(object, &name, root.compound, reading)?;
    }
    Ok(outcome)
}

/// The programs whose documents are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Workbook,
    Presentation,
}

impl Kind {
    /// By the stream that such a document cannot do without.
    fn of(stream: &str) -> Option<Self> {
        match stream {
            "WordDocument" => Some(Self::Word),
            "Workbook" | "Book" => Some(Self::Workbook),
            "PowerPoint Document" => Some(Self::Presentation),
            _ => None,
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Word => "application/msword",
            Self::Workbook => "application/vnd.ms-excel",
            Self::Presentation => "application/vnd.ms-powerpoint",
        }
    }
}

/// What the directory names, in one storage.
#[derive(Default)]
struct Contents {
    /// Of the storage itself.
    kind: Option<Kind>,
    objects: Vec<Object>,
    /// It is the wrapping of an object, which is all there is in it.
    is_wrapping: bool,
    is_encrypted: bool,
}

/// Something embedded.
enum Object {
    Document {
        storage: String,
        kind: Kind,
    },
    /// A file of any sort, behind the names that the desktop shows.
    Native(String),
    /// A file of any sort.
    File(String),
}

impl Contents {
    fn of(root: &Storage<'_, '_>, most: u64) -> Self {
        let mut contents = Self::default();
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let Ok(entries) = root.compound.walk_storage(&root.name) else {
            return contents;
        };
        for entry in entries.take(most).filter(cfb::Entry::is_stream) {
            let stream = entry.path().to_string_lossy().into_owned();
            let storage = stream.strip_suffix(entry.name()).unwrap_or(ROOT);
            let is_root = storage == root.name;
            let object = match (Kind::of(entry.name()), entry.name()) {
                (Some(kind), _) if is_root => {
                    contents.kind.get_or_insert(kind);
                    None
                }
                (Some(kind), _) => Some(Object::Document {
                    storage: storage.to_owned(),
                    kind,
                }),
                (None, "EncryptedPackage") if is_root => {
                    contents.is_encrypted = true;
                    None
                }
                (None, "\u{1}Ole10Native") => Some(Object::Native(stream)),
                (None, "Package" | "package" | "CONTENTS") => Some(Object::File(stream)),
                _ => None,
            };
            contents.is_wrapping |= is_root && object.is_some();
            contents.objects.extend(object);
        }
        contents
    }

    /// How much of it is read when no program is known to have written it.
    fn without_document(&self) -> Coverage {
        if self.is_wrapping {
            Coverage::Whole
        } else {
            Coverage::Unsupported
        }
    }
}

/// The outermost storage. Names of storages end with the sign that separates them.
const ROOT: &str = "/";

/// A folder of a compound file.
struct Storage<'c, 'f> {
    compound: &'c mut CompoundFile<Anywhere<'f>>,
    name: String,
}

impl<'c, 'f> Storage<'c, 'f> {
    fn root(compound: &'c mut CompoundFile<Anywhere<'f>>) -> Self {
        Self {
            compound,
            name: ROOT.to_owned(),
        }
    }

    fn stream(&mut self, name: &str) -> io::Result<Stream<Anywhere<'f>>> {
        self.compound.open_stream(format!("{}{name}", self.name))
    }

    fn has(&self, name: &str) -> bool {
        self.compound.is_stream(format!("{}{name}", self.name))
    }

    fn inner(&mut self, name: &str) -> Storage<'_, 'f> {
        Storage {
            name: format!("{}{name}/", self.name),
            compound: self.compound,
        }
    }
}

fn document(
    kind: Kind,
    storage: &mut Storage<'_, '_>,
    reading: &mut Reading<'_>,
) -> io::Result<Outcome<'static>> {
    let read = match kind {
        Kind::Word => word::extract(storage, reading),
        Kind::Workbook => workbook::extract(storage, reading),
        Kind::Presentation => presentation::extract(storage, reading),
    };
    // What follows the damage in one stream says nothing of the others.
    let coverage = match read {
        Err(error) if reading.is_over() => return Err(error),
        read => read.unwrap_or(Coverage::Damaged),
    };
    if coverage != Coverage::Encrypted {
        properties::extract(storage, reading)?;
    }
    Ok(Outcome {
        media_type: kind.media_type(),
        coverage,
    })
}

fn embedded(
    object: &Object,
    name: &str,
    compound: &mut CompoundFile<Anywhere<'_>>,
    reading: &mut Reading<'_>,
) -> io::Result<()> {
    match object {
        Object::Document { storage, kind } => {
            let mut storage = Storage {
                compound,
                name: storage.clone(),
            };
            reading.part_as_member(name, kind.media_type(), |reading| {
                document(*kind, &mut storage, reading)
            })
        }
        Object::File(path) => match compound.open_stream(path) {
            Ok(mut stream) => reading.member(name, &mut stream, None),
            Err(_) => Ok(()),
        },
        Object::Native(path) => match compound.open_stream(path) {
            Ok(mut stream) => object::native(name, &mut stream, reading),
            Err(_) => Ok(()),
        },
    }
}

#[cfg(test)]
mod tests;
