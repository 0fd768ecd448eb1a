use super::*;
use crate::detect::forms::lists_of;

/// The rule's own lists.
fn secrets() -> Secrets {
    lists_of(include_str!("../../../../personal-data/secret.toml"))
}

const LABELS: &[&str] = &[
    "mot de passe",
    "mots de passe",
    "mdp",
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "secret",
    "api_key",
    "token",
    "begin",
    "code wifi",
    "clé wifi",
];

fn secret(text: &str) -> Option<&str> {
    let lower = text.to_lowercase();
    let labels = LABELS
        .iter()
        .filter_map(|label| Some((lower.find(label)?, label.len())));
    let mut words: Vec<(usize, usize)> = labels.collect();
    words.sort_unstable();
    let found = words
        .into_iter()
        .find_map(|(start, length)| read(text, start..start + length, &secrets()));
    let at = text
        .find('@')
        .and_then(|at| read_before_sign(text, at, &secrets()));
    found.or(at).map(|shape| &text[shape.span])
}

#[test]
fn passwords_behind_their_labels() {
    for (text, expected) in [
        ("Mot de passe : Louviers27!", "Louviers27!"),
        (
            "mot de passe du wifi invités : soleil-2024 (accueil)",
            "soleil-2024",
        ),
        ("MDP=azerty", "azerty"),
        ("le mot de passe est Mairie2023.", "Mairie2023"),
        ("Mot de passe « Tilleul 27! »", ""),
        ("Mot de passe : « Tilleul27! »", "Tilleul27!"),
        ("password=changeme", "changeme"),
        ("\"password\": \"s3cr3t-Value\",", "s3cr3t-Value"),
        ("DB_PASSWORD='tilleul'", "tilleul"),
        ("Server=srv;Uid=sa;Pwd=Tilleul#1;Database=paie", "Tilleul#1"),
        ("<password>Tilleul27</password>", "Tilleul27"),
        ("identifiant : accueil / mdp : 123456", "123456"),
        ("postgres://paie:tilleul@srv/paie", "tilleul"),
        ("accueil / mot de passe Azerty12!", "Azerty12!"),
        ("mdp soleil27 (ne pas changer)", "soleil27"),
        ("le mot de passe kT4pZ9qLm ne change pas", "kT4pZ9qLm"),
        ("ftp://site:Az3rty@ftp.exemple.fr/www", "Az3rty"),
    ] {
        assert_eq!(secret(text).unwrap_or_default(), expected, "{text}");
    }
}

#[test]
fn tokens_and_keys() {
    let body = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
    for text in [
        format!("AKIA{}", "Z3X7Q9W1E5R8T2Y6"),
        format!("ghp_{body}"),
        format!("glpat-{}", &body[..20]),
        format!("sk_live_{}", &body[..24]),
        format!("AIza{}", &body[..35]),
        format!("eyJh{body}.eyJ{body}.{body}"),
        "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: rsa-key\nPublic-Lines: 6\nAAAAB3NzaC1yc2EAAAA".to_owned(),
    ] {
        assert!(read(&text, 0..4, &secrets()).is_some(), "{text}");
    }
    let pem = format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{body}{body}\n");
    assert!(read(&pem, 5..10, &secrets()).is_some());
    assert!(read("-----BEGIN CERTIFICATE-----\nMIIB", 5..10, &secrets()).is_none());
}

#[test]
fn what_stands_for_a_secret_is_none() {
    for text in [
        "Mot de passe : ********",
        "Mot de passe : ............",
        "mot de passe : <mot de passe>",
        "password=${DB_PASSWORD}",
        "password: {{ vault_password }}",
        "pwd=%PWD%",
        "password = null",
        "password = getpass()",
        "password == other",
        "password = user.password",
        "Votre mot de passe doit contenir 12 caractères",
        "Mot de passe : douze caractères au moins, dont un chiffre",
        "Mot de passe oublié ?",
        "Le mot de passe Windows10 expire tous les 90 jours",
        "un mot de passe 2FA",
        "BEGIN:VCARD",
        "mots de passe (12 caractères)",
        "mot de passe n°2024-118",
        "Le mot de passe est personnel et confidentiel",
        "<input type=\"password\" name=\"mdp\" value=\"\">",
        "Politique de mots de passe : longueur minimale 12",
        "password: '$2y$10$abcdefghijklmnopqrstuv'",
        "https://exemple.fr/@compte",
        "mailto:jean@exemple.fr",
        "https://user@exemple.fr",
        "token = os.environ['TOKEN']",
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    ] {
        assert_eq!(secret(text), None, "{text}");
    }
}
