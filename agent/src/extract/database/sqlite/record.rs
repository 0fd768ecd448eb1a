//! One record: kinds of values, then the values.

/// How texts are written, once for a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextEncoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

pub(super) struct Record {
    pub(super) values: Vec<Value>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// Null, and bytes that are no text.
    Nothing,
    Integer(i64),
    Real(f64),
    Text(String),
}

/// What SQLite allows.
const MOST_COLUMNS: usize = 32_767;

impl TextEncoding {
    pub(super) fn of(number: Option<u32>) -> Self {
        match number {
            Some(2) => Self::Utf16Le,
            Some(3) => Self::Utf16Be,
            _ => Self::Utf8,
        }
    }

    fn text(self, bytes: &[u8]) -> String {
        let (pairs, _) = bytes.as_chunks::<2>();
        let decode = |unit: fn([u8; 2]) -> u16| {
            let units = pairs.iter().map(|pair| unit(*pair));
            char::decode_utf16(units)
                .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect()
        };
        match self {
            Self::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
            Self::Utf16Le => decode(u16::from_le_bytes),
            Self::Utf16Be => decode(u16::from_be_bytes),
        }
    }
}

impl Record {
    /// The values of a record; of one that was cut, those that are there.
    pub(super) fn of(payload: &[u8], encoding: TextEncoding) -> Option<Self> {
        let (length, _) = varint(payload)?;
        let length = usize::try_from(length).ok()?;
        let (header, mut body) = payload.split_at_checked(length)?;
        let (_, mut kinds) = varint(header)?;
        let mut values = Vec::new();
        while let Some((kind, rest)) = varint(kinds) {
            if values.len() >= MOST_COLUMNS {
                break;
            }
            kinds = rest;
            let Ok(length) = usize::try_from(length_of(kind)) else {
                break;
            };
            // The end of a long value may be missing: what is there is shown.
            let (value, rest) = body.split_at_checked(length).unwrap_or((body, &[]));
            body = rest;
            values.push(value_of(kind, value, encoding));
        }
        Some(Self { values })
    }
}

fn length_of(kind: u64) -> u64 {
    match kind {
        0 | 8..=11 => 0,
        1..=4 => kind,
        5 => 6,
        6 | 7 => 8,
        _ => (kind - 12) / 2,
    }
}

fn value_of(kind: u64, bytes: &[u8], encoding: TextEncoding) -> Value {
    match kind {
        1..=6 => {
            let sign = bytes.first().map_or(0, |first| -i64::from(first >> 7));
            let number = bytes
                .iter()
                .fold(sign, |number, byte| number << 8 | i64::from(*byte));
            Value::Integer(number)
        }
        7 => bytes.first_chunk().map_or(Value::Nothing, |bytes| {
            Value::Real(f64::from_be_bytes(*bytes))
        }),
        8 | 9 => Value::Integer(i64::from(kind == 9)),
        13.. if kind % 2 == 1 => Value::Text(encoding.text(bytes)),
        _ => Value::Nothing,
    }
}

/// A number of one to nine bytes, seven bits each but for the ninth; and what follows it.
pub(super) fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0_u64;
    for (rank, byte) in bytes.iter().take(9).enumerate() {
        let rest = || bytes.get(rank + 1..);
        if rank == 8 {
            return Some((number << 8 | u64::from(*byte), rest()?));
        }
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((number, rest()?));
        }
    }
    None
}
