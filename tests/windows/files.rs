//! What a share holds that only Windows has: names, links, locks.

use std::collections::BTreeMap;
use std::os::unix::fs::symlink;

use beffroi_tests::windows::{Windows, drive_c, shares};
use serde_json::Value;

const NIR: &str = "NIR 1 85 05 78 006 084 91";

/// The files that a scan names, by path; and its summary.
fn scan(windows: &Windows, root: &str) -> (BTreeMap<String, Value>, Value) {
    let output = windows.agent(&["scan", &windows.named(root), "--format", "json"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let mut lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let summary = lines.pop().unwrap_or_else(|| panic!("{said}"))["summary"].take();
    let path = |file: &Value| file["path"].as_str().unwrap().to_owned();
    (
        lines.into_iter().map(|file| (path(&file), file)).collect(),
        summary,
    )
}

#[test]
fn the_program_says_what_it_is_and_that_its_rules_are_sound() {
    let windows = Windows::new(&[]);
    assert!(
        windows
            .succeed(&["--version"])
            .starts_with("beffroi-agent ")
    );
    assert!(
        windows
            .succeed(&["rules", "check"])
            .contains("Règles version")
    );
}

#[test]
fn files_are_read_by_a_process_of_their_own() {
    let windows = Windows::new(&["partage"]);
    windows.write("partage/paie.csv", format!("nom;nir\nDurand;{NIR}\n"));
    let doctor = String::from_utf8(windows.agent(&["doctor"]).stdout).unwrap();
    assert!(doctor.contains("lecteur de fichiers"), "{doctor}");
    let (files, _) = scan(&windows, "partage");
    let file = &files[&windows.named(r"partage\paie.csv")];
    assert_eq!(file["verdict"], "read", "{file}");
    assert_eq!(file["tallies"][0]["kind"], "nir", "{file}");
}

#[test]
fn every_name_that_windows_can_have_is_read_and_told() {
    let windows = Windows::new(&[]);
    let deep = format!("partage/{}", ["un dossier au nom très long"; 16].join("/"));
    let names = [
        "partage/NUL",
        "partage/COM1.txt",
        "partage/con.csv",
        "partage/point.",
        "partage/été 😀.txt",
        &format!("{deep}/loin.txt"),
    ];
    for name in names {
        windows.write(name, NIR);
    }
    assert!(windows.named(&deep).len() > 260);
    let (files, summary) = scan(&windows, "partage");
    for name in names {
        let path = windows.named(&name.replace('/', r"\"));
        let file = files
            .get(&path)
            .unwrap_or_else(|| panic!("no {path} in {files:#?}"));
        assert_eq!(file["tallies"][0]["kind"], "nir", "{file}");
    }
    assert_eq!(files.len(), names.len(), "{summary}");
}

#[test]
fn a_folder_that_leads_back_is_counted_and_not_followed() {
    let windows = Windows::new(&[]);
    windows.write("partage/a/paie.txt", NIR);
    // Wine 8 has no junctions, and shows what a link of Linux leads to as if it were there: so does a server of Samba.
    symlink(windows.path("partage"), windows.path("partage/a/boucle")).unwrap();
    let (files, summary) = scan(&windows, "partage");
    assert_eq!(
        files[&windows.named(r"partage\a\paie.txt")]["verdict"],
        "read"
    );
    let link = &files[&windows.named(r"partage\a\boucle")];
    assert_eq!(
        (&link["verdict"], &link["reason"]),
        (&"excluded".into(), &"link".into())
    );
    assert_eq!(summary["files"], 2, "{summary}");
}

#[test]
fn a_file_that_another_program_holds_is_told() {
    let windows = Windows::new(&[]);
    windows.write("partage/paie.txt", NIR);
    windows.write("partage/tenu.txt", NIR);
    let held = windows.hold(r"partage\tenu.txt");
    let (files, _) = scan(&windows, "partage");
    let file = &files[&windows.named(r"partage\tenu.txt")];
    assert_eq!(
        (&file["verdict"], &file["reason"]),
        (&"locked".into(), &"in_use".into())
    );
    assert_eq!(
        files[&windows.named(r"partage\paie.txt")]["verdict"],
        "read"
    );
    held.release();
    let (files, _) = scan(&windows, "partage");
    assert_eq!(
        files[&windows.named(r"partage\tenu.txt")]["verdict"],
        "read"
    );
}

#[test]
fn drives_and_shares_are_named_as_people_do() {
    let windows = Windows::new(&[]);
    windows.write("partage/paie.txt", NIR);
    let server = shares().join(windows.path("").file_name().unwrap());
    std::fs::create_dir_all(&server).unwrap();
    symlink(windows.path("partage"), server.join("compta")).unwrap();
    let drive = drive_c().parent().unwrap().join("dosdevices/p:");
    let _ = std::fs::remove_file(&drive);
    symlink(windows.path("partage"), &drive).unwrap();

    let share = format!(
        r"\\{}\compta",
        windows.path("").file_name().unwrap().to_str().unwrap()
    );
    for root in [share.as_str(), r"P:\", "P:/"] {
        let (files, summary) = scan(&windows, root);
        let root = root.replace('/', r"\");
        let path = format!(r"{}\paie.txt", root.trim_end_matches('\\'));
        assert!(
            files.contains_key(&path),
            "no {path} in {files:#?} {summary}"
        );
    }
    std::fs::remove_file(drive).unwrap();
    std::fs::remove_dir_all(server).unwrap();
}
