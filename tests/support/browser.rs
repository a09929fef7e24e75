//! A headless Chromium that opens a report, with or without questions to ask about it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;

/// The names of the executable.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// A browser of this machine.
pub(crate) struct Browser(PathBuf);

/// A page after its script has run.
pub(crate) struct Opened {
    /// The document.
    pub(crate) document: String,
    /// What the browser had to complain about.
    pub(crate) complaints: Vec<String>,
}

impl Browser {
    /// The browser; `None`, with a message, if there is none.
    #[expect(clippy::print_stderr, reason = "the reader of the test's output must know that nothing was tested")]
    pub(crate) fn here() -> Option<Self> {
        let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
        let found = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
        let browser = found.into_iter().find(|path| path.is_file()).map(Self);
        if browser.is_none() {
            eprintln!("skipped: there is no Chromium on this machine; `apt-get install chromium` brings one");
        }
        browser
    }

    /// Opens a page as it is.
    pub(crate) fn open(&self, page: &Path) -> Opened {
        let output = self.run(page, &["--dump-dom"]);
        let complaints = String::from_utf8_lossy(&output.stderr);
        Opened {
            document: String::from_utf8_lossy(&output.stdout).into_owned(),
            complaints: complaints.lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned).collect(),
        }
    }

    /// Opens a copy of a page to which a script is added, and gives what its function `ask` answers. The copy has no policy:
    /// the page's own would not let the question in.
    pub(crate) fn ask(&self, page: &Path, ask: &str) -> Value {
        let text = fs::read_to_string(page).expect("the report is there");
        let (head, rest) = text.split_once("<meta http-equiv=\"Content-Security-Policy\"").expect("it has a policy");
        let (_, tail) = rest.split_once('\n').expect("a line of its own");
        let script = format!(
            "<script>addEventListener('load', async () => {{ const ask = {ask};\n\
             const answer = await ask().catch((error) => ({{ error: String(error) }}));\n\
             document.documentElement.replaceChildren();\n\
             document.documentElement.dataset.answer = encodeURIComponent(JSON.stringify(answer)); }});</script></body>"
        );
        let asking = page.with_extension("asking.html");
        fs::write(&asking, format!("{head}{tail}").replace("</body>", &script)).expect("it can be written");
        let opened = self.open(&asking);
        let answer = opened.document.split("data-answer=\"").nth(1).and_then(|rest| rest.split('"').next());
        let answer = decoded(answer.unwrap_or_else(|| panic!("no answer: {:?}", opened.complaints)));
        let answer: Value = serde_json::from_str(&answer).expect("the answer is JSON");
        assert_eq!(answer.get("error"), None, "the question failed");
        answer
    }

    /// Prints a page into a PDF file.
    pub(crate) fn print(&self, page: &Path) -> PathBuf {
        let file = page.with_extension("pdf");
        self.run(page, &["--no-pdf-header-footer", &format!("--print-to-pdf={}", file.display())]);
        file
    }

    fn run(&self, page: &Path, options: &[&str]) -> Output {
        let profile = tempfile::tempdir().expect("there is room");
        Command::new(&self.0)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--enable-logging=stderr"])
            .args(["--window-size=1280,1000", "--virtual-time-budget=20000"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .args(options)
            .arg(format!("file://{}", page.display()))
            .output()
            .expect("the browser can be started")
    }
}

/// Undoes the page's `encodeURIComponent`.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        match byte {
            b'%' => {
                let code = digit(rest.next()).zip(digit(rest.next())).map(|(high, low)| high * 16 + low);
                bytes.extend(code.and_then(|code| u8::try_from(code).ok()));
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).expect("it was text")
}
