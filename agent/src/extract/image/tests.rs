//! What is beside the pixels of real pictures; `agent/tests/documents/images.rs` says of each kind what is found.

use crate::extract::Coverage;
use crate::extract::tests::{Dice, extract, mutated};

const PICTURES: [&[u8]; 5] = [
    include_bytes!("../../../../tests/documents/images/pillow.jpeg"),
    include_bytes!("../../../../tests/documents/images/pillow.png"),
    include_bytes!("../../../../tests/documents/images/pillow.webp"),
    include_bytes!("../../../../tests/documents/images/pillow.tiff"),
    include_bytes!("../../../../tests/documents/images/pillow.heic"),
];

#[test]
fn says_where_a_photo_was_taken() {
    for picture in PICTURES {
        let (outcome, heard) = extract(picture);
        assert_eq!(outcome.coverage, Coverage::Picture);
        assert!(
            heard.text.contains("Position GPS : 50.428333, -2.831944\n"),
            "{heard:?}"
        );
    }
}

#[test]
fn a_picture_without_words_says_nothing() {
    let picture = include_bytes!("../../../../tests/documents/images/sans-rien.jpeg");
    let (outcome, heard) = extract(picture);
    assert_eq!(
        (outcome.media_type, outcome.coverage),
        ("image/jpeg", Coverage::Picture)
    );
    assert!(heard.parts.is_empty(), "{heard:?}");
}

#[test]
fn no_damage_makes_it_panic_or_hang() {
    let mut dice = Dice(0x6a09_e667_f3bc_c908);
    for _ in 0..3000 {
        let picture = PICTURES.get(dice.below(PICTURES.len())).unwrap();
        extract(&mutated(picture, &mut dice));
    }
}
