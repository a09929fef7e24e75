//! Certificates as a user makes and checks them: what is refused and why, what is written, and that no change goes unnoticed.

use std::fs;

use ring::{digest, hmac};

use crate::support::{ProgramRun, Workplace};

/// A folder with a finished run on the stand-in, and a key of either kind.
fn judged() -> Workplace {
    let workplace = Workplace::new();
    workplace.run(&["run"]).expect_code(0);
    workplace.run(&["certify", "--new-key", "ed"]).expect_code(0);
    workplace.run(&["certify", "--new-key", "ec", "--algorithm", "ecdsa-p256"]).expect_code(0);
    workplace
}

fn certified() -> Workplace {
    let workplace = judged();
    workplace.run(&["certify", "--key", "ed", "--by", "Jane Doe, QA"]).expect_code(0);
    workplace
}

/// The seal that a run of the same user would have written for this content.
fn seal(workplace: &Workplace, content: &str) -> String {
    let key = fs::read(workplace.path(".state/bo-conformance/results.key")).expect("a run has made it");
    let key = hmac::Key::new(hmac::HMAC_SHA256, digest::digest(&digest::SHA256, &key).as_ref());
    hmac::sign(&key, content.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[track_caller]
fn complains(ended: ProgramRun, code: i32, message: &str) {
    let ended = ended.expect_code(code);
    assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), ("", format!("error: {message}\n").as_str()));
}

#[test]
fn a_certificate_is_made_and_holds_and_says_what_was_judged() {
    let workplace = judged();
    for key in ["ed", "ec"] {
        let made = workplace.run(&["certify", "--key", key, "--by", "Jane Doe, QA"]).expect_code(0);
        assert!(made.stdout.starts_with("reports/certificate.json\n  target   stand-in, the embedded stand-in\n"));
        let warning = "  WARNING  no deployment was judged: this is the embedded stand-in, which proves nothing about any server\n";
        assert!(made.stdout.ends_with(warning), "{}", made.stdout);
        let checked = workplace.run(&["verify", "--allow-stand-in", "--key", &format!("{key}.pub")]).expect_code(0);
        let told = made.stdout.strip_prefix("reports/certificate.json\n").expect("it begins so");
        assert_eq!(checked.stdout, format!("reports/certificate.json holds\n{told}"));
        assert!(told.contains("  signed   Jane Doe, QA, "), "{told}");
    }
    let refused = workplace.run(&["verify", "--key", "ec.pub"]).expect_code(1);
    assert!(refused.stdout.contains("\n  it is a certificate of the embedded stand-in, "), "{}", refused.stdout);
    let meant = ["verify", "--key", "ec.pub", "--for", "https://bo.example/rest"];
    let other = workplace.run(&meant).expect_code(1);
    let expected = "\n  it is a certificate of the embedded stand-in, and not of https://bo.example/rest\n";
    assert!(other.stdout.contains(expected), "{}", other.stdout);
    // The present certificate is signed with the other key.
    let other = workplace.run(&["verify", "reports/certificate.json", "--key", "ed.pub"]).expect_code(1);
    assert!(other.stdout.starts_with("reports/certificate.json does not hold\n  it is signed by another key: "));
}

#[test]
fn a_key_is_for_its_owner_and_never_written_over_another() {
    let workplace = Workplace::new().with_file("mine", "something").with_file("yours.pub", "something");
    complains(
        workplace.run(&["certify", "--new-key", "mine"]),
        2,
        "mine is there already and is left as it is; choose another name",
    );
    complains(
        workplace.run(&["certify", "--new-key", "yours"]),
        2,
        "yours.pub is there already and is left as it is; choose another name",
    );
    assert_eq!(fs::read_to_string(workplace.path("mine")).expect("it is there"), "something");
    assert!(!workplace.path("yours").exists() && !workplace.path("mine.pub").exists());
    workplace.run(&["certify", "--new-key", "new"]).expect_code(0);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(workplace.path("new")).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_run_that_proves_too_little_is_refused_with_everything_that_is_wrong() {
    let workplace = judged();
    workplace.run(&["run", "--requirement", "OTT-1", "OTT-2", "--fault", "one-time-reusable"]).expect_code(1);
    complains(
        workplace.run(&["certify", "--key", "ed"]),
        1,
        "reports/results.json cannot be certified:\n  only a part of the suite was run; run it without --tags and \
         --requirement\n  the server breaks OTT-2; have it repaired, or waive it in the configuration with a reason, an owner and \
         a date",
    );
    assert!(!workplace.path("reports/certificate.json").exists());
}

#[test]
fn results_that_were_touched_up_are_refused() {
    let workplace = judged();
    workplace.run(&["run", "--fault", "one-time-reusable"]).expect_code(1);
    let file = workplace.path("reports/results.json");
    let text = fs::read_to_string(&file).expect("it is there");
    fs::write(&file, text.replace("nonconformant", "conformant").replace(": \"fail\"", ": \"pass\""))
        .expect("it is ours");
    workplace.run(&["report", "render", "reports/results.json"]).expect_code(0);
    let refused = workplace.run(&["certify", "--key", "ed"]).expect_code(1);
    for line in ["the verdict of OTT-2 does not follow from its scenarios", "by the rules it is not conformant"] {
        assert!(refused.stderr.contains(line), "{line}: {}", refused.stderr);
    }
}

#[test]
fn what_no_check_can_notice_breaks_the_seal() {
    let workplace = judged();
    let file = workplace.path("reports/results.json");
    let (text, seal) = (fs::read_to_string(&file).expect("it is there"), workplace.path("reports/results.json.seal"));
    fs::write(&file, text.replacen("\"status\": 401", "\"status\": 400", 1)).expect("it is ours");
    workplace.run(&["report", "render", "reports/results.json"]).expect_code(0);
    let refused = workplace.run(&["certify", "--key", "ed"]).expect_code(1);
    assert!(refused.stderr.contains("reports/results.json is not what a run of this user wrote"), "{}", refused.stderr);
    fs::write(&file, text).expect("it is ours");
    workplace.run(&["report", "render", "reports/results.json"]).expect_code(0);
    workplace.run(&["certify", "--key", "ed"]).expect_code(0);
    fs::remove_file(seal).expect("the run has written it");
    let refused = workplace.run(&["certify", "--key", "ed"]).expect_code(1);
    assert!(refused.stderr.contains("reports/results.json has no seal"), "{}", refused.stderr);
}

#[test]
fn another_user_certifies_with_a_shared_key_only() {
    let shared = |workplace: Workplace| {
        workplace
            .with_file("seal-key", "a secret of thirty characters!")
            .with_variable("BO_CONFORMANCE_SEAL_KEY", "seal-key")
    };
    let workplace = shared(Workplace::new());
    workplace.run(&["certify", "--new-key", "ed"]).expect_code(0);
    workplace.run(&["run", "--stand-in"]).expect_code(0);
    workplace.run(&["certify", "--key", "ed"]).expect_code(0);
    fs::write(workplace.path("seal-key"), "another secret of some length").expect("it is ours");
    workplace.run(&["certify", "--key", "ed"]).expect_code(1);
}

#[test]
fn a_report_of_another_run_is_refused() {
    let workplace = judged();
    workplace.run(&["run", "--reports", "other"]).expect_code(0);
    complains(
        workplace.run(&["certify", "--key", "ed", "--report", "other/report.html"]),
        1,
        "reports/results.json cannot be certified:\n  the report was not rendered from these results by this build; render it \
         again with `bo-conformance report render RESULTS --format html`",
    );
}

#[test]
fn what_is_no_key_no_file_or_not_given_is_said() {
    let workplace = certified().with_file("empty", "").with_file("folder/file", "");
    complains(
        workplace.run(&["verify"]),
        2,
        "a certificate proves nothing without the public key of whoever should have signed it; get it from them, not from where \
         the certificate came from, and give it with --key FILE.pub",
    );
    complains(
        workplace.run(&["verify", "--key", "ed"]),
        2,
        "ed holds no public key of Ed25519 or ECDSA P-256 (`-----BEGIN PUBLIC KEY-----`); `certify --new-key FILE` has written \
         it into FILE.pub",
    );
    complains(
        workplace.run(&["certify", "--key", "ed.pub"]),
        2,
        "ed.pub holds no private key of Ed25519 or ECDSA P-256 in PKCS#8 (`-----BEGIN PRIVATE KEY-----`); make one with \
         `bo-conformance certify --new-key FILE`",
    );
    complains(workplace.run(&["verify", "--key", "folder"]), 2, "folder is not a file");
    complains(workplace.run(&["verify", "folder", "--key", "ed.pub"]), 2, "folder is not a file");
    complains(
        workplace.run(&["verify", "nothing.json", "--key", "ed.pub"]),
        2,
        "nothing.json cannot be read: No such file or directory (os error 2)",
    );
    #[cfg(unix)]
    complains(workplace.run(&["verify", "/dev/zero", "--key", "ed.pub"]), 2, "/dev/zero is not a file");
    fs::write(workplace.path("huge"), vec![b'['; 5 << 20]).expect("it can be written");
    complains(
        workplace.run(&["verify", "huge", "--key", "ed.pub"]),
        2,
        "huge has more than 4194304 bytes, the most that such a file can have",
    );
}

#[test]
fn what_is_no_certificate_does_not_hold() {
    let workplace = certified();
    let nested = "[".repeat(100_000);
    for (garbage, complaint) in [
        ("", "not a certificate: "),
        ("no JSON", "not a certificate: "),
        ("{}", "not a certificate: missing field `payloadType`"),
        (nested.as_str(), "not a certificate: "),
        ("{\"payloadType\":\"a\",\"payload\":\"\",\"signatures\":[]}", "it was changed: "),
    ] {
        fs::write(workplace.path("reports/certificate.json"), garbage).expect("it can be written");
        let ended = workplace.run(&["verify", "--key", "ed.pub"]).expect_code(1);
        let begins = format!("reports/certificate.json does not hold\n  {complaint}");
        assert!(ended.stdout.starts_with(&begins) && ended.stdout.lines().count() == 2, "{}", ended.stdout);
    }
}

#[test]
fn any_single_change_is_noticed() {
    let workplace = certified();
    let mut random = 4_711_usize;
    for round in 0..36 {
        let name = ["certificate.json", "results.json", "report.html"][round % 3];
        let file = workplace.path("reports").join(name);
        let good = fs::read(&file).expect("it is there");
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut changed = good.clone();
        let at = (random >> 20) % good.len();
        changed[at] ^= 1 << (random >> 16 & 7);
        fs::write(&file, changed).expect("it can be written");
        let ended = workplace.run(&["verify", "--key", "ed.pub"]).expect_code(1);
        assert!(ended.stdout.contains(" does not hold\n"), "byte {at} of {name}: {}", ended.stdout);
        fs::write(&file, good).expect("it can be written");
    }
    workplace.run(&["verify", "--allow-stand-in", "--key", "ed.pub"]).expect_code(0);
}

/// Runs before and after an upgrade that makes this of the server, whose results are kept apart.
fn upgraded(change: &[&str]) -> Workplace {
    let workplace = judged();
    workplace.run(&["run", "--reports", "friday"]).expect_code(0);
    workplace.run(&[&["run", "--reports", "saturday"], change].concat()).expect_code(0);
    workplace
}

const UPGRADE: [&str; 6] = ["certify", "--upgrade", "friday/results.json", "saturday/results.json", "--key", "ed"];

#[test]
fn an_upgrade_is_certified_with_both_runs_and_what_changed() {
    let workplace = upgraded(&["--fault", "answer-extra-fields"]);
    let made = workplace.run(&UPGRADE).expect_code(0);
    assert!(made.stdout.starts_with("saturday/certificate.json\n"), "{}", made.stdout);
    for line in ["  before   conformant, judged ", "  changed  0 breaking, "] {
        assert!(made.stdout.contains(line), "{}", made.stdout);
    }
    assert!(!made.stdout.contains(" 0 compatible"), "{}", made.stdout);
    let verify = ["verify", "saturday/certificate.json", "--allow-stand-in", "--key", "ed.pub"];
    let alone = workplace.run(&verify).expect_code(3);
    assert!(alone.stdout.contains("give the results of the run before it with --before FILE"), "{}", alone.stdout);
    let both = [&verify[..], &["--before", "friday/results.json"]].concat();
    workplace.run(&both).expect_code(0);

    let before = workplace.path("friday/results.json");
    let text = fs::read_to_string(&before).expect("it is there");
    fs::write(&before, text.replacen("\"status\": 200", "\"status\": 201", 1)).expect("it can be written");
    let changed = workplace.run(&both).expect_code(1);
    assert!(changed.stdout.contains("before/results.json is not the file that was certified"), "{}", changed.stdout);
}

#[test]
fn an_upgrade_after_a_leak_is_refused_and_one_that_breaks_clients_needs_somebody_who_agreed() {
    let workplace = upgraded(&[]);
    let results = workplace.path("friday/results.json");
    let text = fs::read_to_string(&results).expect("it is there");
    let leaky = text.replacen('{', "{ \"leaks\": [\"friday/junit.xml: ‹password #1›\"],", 1);
    fs::write(&results, leaky).expect("it can be written");
    let refused = workplace.run(&UPGRADE).expect_code(1);
    assert!(refused.stderr.contains("\n  secrets stand in what the run of "), "{}", refused.stderr);
    // As if a field that clients read had been there before.
    let more = text.replace("\\\"accessToken\\\":", "\\\"sessionId\\\":\\\"s\\\",\\\"accessToken\\\":");
    assert_ne!(more, text);
    fs::write(&results, &more).expect("it can be written");
    fs::write(workplace.path("friday/results.json.seal"), seal(&workplace, &more)).expect("it can be written");
    let refused = workplace.run(&UPGRADE).expect_code(1);
    assert!(refused.stderr.contains("\n  clients may break: "), "{}", refused.stderr);
    assert!(refused.stderr.contains("; have it repaired, or say with --agreed TEXT "), "{}", refused.stderr);
    let agreed = [&UPGRADE[..], &["--agreed", "all clients read 4.2 already (CAB 17)"]].concat();
    let made = workplace.run(&agreed).expect_code(0);
    assert!(made.stdout.contains("  agreed   all clients read 4.2 already (CAB 17)\n"), "{}", made.stdout);
    workplace
        .run(&[
            "verify",
            "saturday/certificate.json",
            "--allow-stand-in",
            "--key",
            "ed.pub",
            "--before",
            "friday/results.json",
        ])
        .expect_code(0);
}

#[test]
fn runs_in_the_wrong_order_are_no_upgrade() {
    let workplace = upgraded(&[]);
    let swapped = ["certify", "--upgrade", "saturday/results.json", "friday/results.json", "--key", "ed"];
    complains(
        workplace.run(&swapped),
        1,
        "friday/results.json cannot be certified:\n  the run before began after the other one; give them as BEFORE AFTER",
    );
}
