//! IP addresses, of four numbers or of hexadecimal groups.
//!
//! Four numbers between dots are often something else: a version, a section, a date and a time. What is short, private or
//! made of small numbers is doubtful.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use super::{Shape, token};

/// A bare address of fewer symbols is as likely a section of a text.
pub(in crate::detect) const SHORTEST_BARE: usize = 9;
/// Chapters, versions, days and hours stay below.
const SMALL: u8 = 60;

const LONGEST_V4: usize = 15;
const LONGEST_V6: usize = 45;

/// The address of four numbers whose first digit is at `start`; a doubtful one only on demand.
pub(in crate::detect) fn read_v4(text: &str, start: usize, doubtful_too: bool) -> Option<Shape> {
    let (address, length) = four_numbers(text.as_bytes().get(start..)?)?;
    let [first, .., last] = address.octets();
    let is_small = address.octets().iter().all(|number| *number < SMALL);
    let doubtful = address.is_private()
        || address.is_link_local()
        || is_small
        || last == 0
        || length < SHORTEST_BARE;
    if address.is_loopback() || first == 0 || first >= 224 || (doubtful && !doubtful_too) {
        return None;
    }
    let span = token(text, start, LONGEST_V4, |byte| {
        byte.is_ascii_digit() || byte == b'.'
    })?;
    let span = without_full_stop(text, span)?;
    if span != (start..start + length) || is_network(text, span.end) {
        return None;
    }
    Some(Shape {
        canonical: text.get(span.clone())?.to_owned(),
        span,
        doubtful,
    })
}

/// The address that opens these bytes, and its length. 01.02.03.04 is none: phones and dates.
fn four_numbers(bytes: &[u8]) -> Option<(Ipv4Addr, usize)> {
    let mut octets = [0; 4];
    let mut at = 0;
    for (index, octet) in octets.iter_mut().enumerate() {
        if index > 0 {
            bytes.get(at).filter(|dot| **dot == b'.')?;
            at += 1;
        }
        let digits = bytes.get(at..)?.iter().take(4);
        let digits = digits.take_while(|byte| byte.is_ascii_digit()).count();
        let number = bytes.get(at..at + digits)?;
        let leads_with_zero = digits > 1 && number.first() == Some(&b'0');
        let number = number
            .iter()
            .fold(0u16, |number, digit| number * 10 + u16::from(digit - b'0'));
        *octet = u8::try_from(number)
            .ok()
            .filter(|_| digits > 0 && !leads_with_zero)?;
        at += digits;
    }
    Some((octets.into(), at))
}

/// The address of hexadecimal groups around the digit at `anchor`.
pub(in crate::detect) fn read_v6(text: &str, anchor: usize) -> Option<Shape> {
    const FEWEST_GROUPS: usize = 3;
    let span = token(text, anchor, LONGEST_V6, |byte| {
        byte.is_ascii_hexdigit() || byte == b':'
    })?;
    let written = text.get(span.clone())?;
    let groups = written.split(':').filter(|group| !group.is_empty()).count();
    if groups < FEWEST_GROUPS {
        return None;
    }
    let address: Ipv6Addr = written.parse().ok()?;
    if address.is_multicast() {
        return None;
    }
    Some(Shape {
        canonical: address.to_string(),
        span,
        doubtful: address.is_unicast_link_local(),
    })
}

/// The full stop of a sentence is no part of an address.
fn without_full_stop(text: &str, span: Range<usize>) -> Option<Range<usize>> {
    let written = text.get(span.clone())?.trim_end_matches('.');
    Some(span.start..span.start + written.len())
}

/// `/24` behind an address makes a network of it.
fn is_network(text: &str, end: usize) -> bool {
    matches!(text.as_bytes().get(end..), Some([b'/', digit, ..]) if digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v4(text: &str) -> Option<(String, bool)> {
        let anchor = text.find(|letter: char| letter.is_ascii_digit())?;
        read_v4(text, anchor, true).map(|shape| (text[shape.span].to_owned(), shape.doubtful))
    }

    fn v6(text: &str) -> Option<String> {
        let anchor = text.find(|letter: char| letter.is_ascii_digit())?;
        read_v6(text, anchor).map(|shape| text[shape.span].to_owned())
    }

    #[test]
    fn reads_four_numbers() {
        for text in [
            "82.164.12.33",
            "depuis 82.164.12.33.",
            "[82.164.12.33]",
            "http://82.164.12.33:8080/",
            "ip=82.164.12.33;",
        ] {
            assert_eq!(v4(text), Some(("82.164.12.33".to_owned(), false)), "{text}");
        }
        for text in [
            "192.168.1.12",
            "10.20.30.140",
            "12.34.56.28",
            "82.1.2.3",
            "82.164.12.0",
        ] {
            assert!(v4(text).is_some_and(|(_, doubtful)| doubtful), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_nobodys() {
        for text in [
            "127.0.0.1",
            "0.0.0.0",
            "255.255.255.0",
            "239.1.2.3",
            "82.164.12.0/24",
            "v82.164.12.33",
            "82.164.12.33.4",
            "82.164.12.330",
            "02.61.91.33",
            "82.164.12",
            "x-82.164.12.33",
            "82.164.12.33-beta",
        ] {
            assert_eq!(v4(text), None, "{text}");
        }
    }

    #[test]
    fn reads_hexadecimal_groups() {
        for text in [
            "2001:db8::8a2e:370:7334",
            "fe80::1ff:fe23:4567:890a",
            "2a01:e0a:1:2:3:4:5:6",
        ] {
            assert_eq!(v6(text).as_deref(), Some(text));
            assert_eq!(v6(&format!("IP {text}, vu")).as_deref(), Some(text));
        }
        for text in [
            "10:22:33",
            "::1",
            "std::dec::x1",
            "a::1",
            "00:1a:2b:3c:4d:5e",
            "ff02::1:2:3",
            "12:30:45:10:20:30:40:50:60",
        ] {
            assert_eq!(v6(text), None, "{text}");
        }
    }
}
