//! The signature was made by minisign 0.11: `printf 'a program' >p; minisign -Sm p -t 'beffroi-agent 0.2.0 linux-x86_64'`.

use super::*;

const BYTES: &[u8] = b"a program";
const KEY: &str = "untrusted comment: minisign public key C6249AEEB11B584E
RWROWBux7pokxvX9nxaX43Ipphd3pyHWNhtDvWAMwDGVyEuuFbBJEaao
";
const OTHER_KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
const SIGNATURE: &str = "untrusted comment: signature from minisign secret key
RUROWBux7pokxuDCqfFJ1ouYoIHQT8Ot/jNwH3/beq1OV7Mwnb1lPUtY8EBi3o+sWnsLqG2i2Y6iwdVwSzNGiL1G7bfXudjiIQM=
trusted comment: beffroi-agent 0.2.0 linux-x86_64
8vDIpQoRaargwYCjwglLkaT4hgCLJLE7FIflZtZrP7SNPMQabkOMbWt4bgUR4hBBXUoWz5kUdTiEyhfe8JAdBg==
";

fn keys() -> [ReleaseKey; 2] {
    [OTHER_KEY, KEY].map(|key| ReleaseKey::parse(key).unwrap())
}

#[test]
fn a_signature_says_what_the_package_is() {
    let package = Package::verified(SIGNATURE, &keys(), BYTES).unwrap();
    assert_eq!(package.to_string(), "beffroi-agent 0.2.0 linux-x86_64");
    assert_eq!(package, Package::named_by(SIGNATURE).unwrap());
}

#[test]
fn whatever_is_not_what_was_signed_is_refused() {
    let refused = |signature: &str, keys: &[ReleaseKey], bytes: &[u8]| {
        let outcome = Package::verified(signature, keys, bytes);
        assert!(
            matches!(outcome, Err(PackageError::UnknownSigner)),
            "{outcome:?}"
        );
    };
    refused(SIGNATURE, &keys(), b"a Program");
    refused(SIGNATURE, &keys(), b"a progra");
    refused(SIGNATURE, &keys(), b"a program ");
    refused(SIGNATURE, &keys()[..1], BYTES);
    refused(SIGNATURE, &[], BYTES);
    // An old program under the name of a new one, and one of another platform.
    refused(&SIGNATURE.replace("0.2.0", "0.3.0"), &keys(), BYTES);
    refused(&SIGNATURE.replace("x86_64", "aarch64"), &keys(), BYTES);
}

#[test]
fn a_comment_that_names_no_package_is_refused() {
    for comment in [
        "beffroi-agent 0.2.0",
        "beffroi-agent 0.2 linux-x86_64",
        "beffroi-agent 0.2.0+1 linux-x86_64",
        "beffroi-agent 0.2.0 linux-x86_64 ",
        "beffroi-collector 0.2.0 linux-x86_64",
        "beffroi-agent 0.2.0 ../linux",
        "beffroi-agent ../../0.2.0 linux",
        "timestamp:1555779966\tfile:test",
    ] {
        let signature = SIGNATURE.replace("beffroi-agent 0.2.0 linux-x86_64", comment);
        let outcome = Package::named_by(&signature);
        assert!(
            matches!(outcome, Err(PackageError::Nameless(_))),
            "{comment}"
        );
    }
    for text in ["", "a\nb\nc\nd", &"x".repeat(1_000_000)] {
        let outcome = Package::named_by(text);
        assert!(matches!(outcome, Err(PackageError::NotASignature)));
    }
}
