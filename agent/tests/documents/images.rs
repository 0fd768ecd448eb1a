//! Pictures of Pillow with what cameras, photo libraries and people write beside the pixels.

use beffroi_agent::extract::Coverage;

use super::read;

const PLACE: &str = "métadonnées de l'image";

#[test]
fn what_goes_with_a_picture_is_read() {
    let exif = [
        "description",
        "auteur",
        "droits",
        "remarque",
        "bureau",
        "commentaire",
        "proprietaire",
    ];
    let others: [(&str, &str, &[&str]); 5] = [
        (
            "jpeg",
            "image/jpeg",
            &[
                "segment.jpeg",
                "auteur.iptc.jpeg",
                "legende.iptc.jpeg",
                "contact.iptc.jpeg",
            ],
        ),
        (
            "png",
            "image/png",
            &["latin.png", "utf8.png", "compresse.png"],
        ),
        ("webp", "image/webp", &[]),
        ("tiff", "image/tiff", &[]),
        ("heic", "image/heic", &[]),
    ];
    for (kind, media_type, others) in others {
        let name = format!("images/pillow.{kind}");
        let (outcome, addresses) = read(&name);
        assert_eq!(
            (outcome.media_type, outcome.coverage),
            (media_type, Coverage::Picture)
        );
        let mut expected: Vec<String> = exif.map(|part| format!("{part}.{kind}")).into();
        expected.extend(others.iter().map(|other| (*other).to_owned()));
        expected.extend(["createur.xmp", "description.xmp", "credit.xmp"].map(str::to_owned));
        expected.sort();
        let mut found: Vec<String> = addresses
            .found
            .iter()
            .map(|(_, address)| address.clone())
            .collect();
        found.sort();
        assert_eq!(found, expected, "{kind}");
        assert!(
            addresses.found.iter().all(|(place, _)| place == PLACE),
            "{kind}"
        );
    }
}
