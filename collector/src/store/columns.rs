//! How the model's values lie in columns, and come back.

use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned, de::value::StrDeserializer};
use sha2::{Digest, Sha256};

use super::StoreError;
use crate::model::PageRequest;

/// Microseconds since 1970.
pub(super) fn from_time(time: Timestamp) -> i64 {
    time.as_microsecond()
}

pub(super) fn to_time(micros: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(micros).map_err(|_| corrupt("time"))
}

pub(super) fn to_optional_time(micros: Option<i64>) -> Result<Option<Timestamp>, StoreError> {
    micros.map(to_time).transpose()
}

/// Counts beyond what a column holds are no counts: an agent that sends one is kept from failing its batch.
pub(super) fn from_count(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(super) fn to_count(column: i64) -> Result<u64, StoreError> {
    u64::try_from(column).map_err(|_| corrupt("count"))
}

pub(super) fn to_array<const N: usize>(column: Vec<u8>) -> Result<[u8; N], StoreError> {
    column.try_into().map_err(|_| corrupt("secret"))
}

/// Text from outside. PostgreSQL refuses U+0000, which paths and registries may hold.
pub(super) fn from_text(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// A word of a model's enumeration, as its serde names it.
pub(super) fn from_word<T: Serialize + Copy>(word: T) -> Result<String, StoreError> {
    match serde_json::to_value(word) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(corrupt("word")),
    }
}

pub(super) fn to_word<'de, T: Deserialize<'de>>(column: &'de str) -> Result<T, StoreError> {
    let words = StrDeserializer::<serde::de::value::Error>::new(column);
    T::deserialize(words).map_err(|_| corrupt("word"))
}

pub(super) fn from_value<T: Serialize + ?Sized>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| corrupt("JSON value"))
}

pub(super) fn to_value<T: DeserializeOwned>(column: &str) -> Result<T, StoreError> {
    serde_json::from_str(column).map_err(|_| corrupt("JSON value"))
}

/// The engines refuse a page of no lines.
pub(super) fn page_size(request: PageRequest) -> u64 {
    request.size.max(1)
}

pub(super) fn sha256(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

fn corrupt(what: &str) -> StoreError {
    StoreError::Corrupt(what.to_owned())
}
