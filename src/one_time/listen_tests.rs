use std::sync::Mutex;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{super::token_inbox::ClickNeed, *};

struct PageFixture {
    source: PageSource,
    needs: Arc<Mutex<Vec<(String, usize)>>>,
}

impl PageFixture {
    async fn new(lifetime: Option<Duration>) -> Self {
        let needs = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&needs);
        let on_need: OnNeed = Arc::new(move |need: ClickNeed| {
            told.lock().expect("nobody panicked").push((need.login, need.tokens));
        });
        let users = OneTimeUsers { login: "trader1".to_owned(), second_login: Some("trader2".to_owned()), lifetime };
        let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut source = PageSource::open(loopback, users, on_need).expect("a free port");
        source.patience = Duration::from_millis(300);
        source.serve().expect("a runtime to serve in");
        Self { source, needs }
    }

    async fn request(&self, line: &str) -> String {
        let mut stream = TcpStream::connect(self.source.inbox.address).await.expect("the page is served");
        let request = format!("{line} HTTP/1.1\r\nHost: page\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("the page listens");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("the page answers");
        answer
    }

    async fn mint(&self, login: &str) -> Result<String, String> {
        let minted = self.source.mint(login).await;
        minted.map(|minted| minted.token.expose().to_owned()).map_err(|error| error.to_string())
    }
}

#[tokio::test]
async fn each_click_delivers_one_token_to_its_user() {
    let page = PageFixture::new(None).await;
    page.request("GET /?token=first-token").await;
    page.request("GET /trader2?token=second-token").await;
    assert_eq!(page.mint("trader2").await, Ok("second-token".to_owned()));
    assert_eq!(page.mint("trader1").await, Ok("first-token".to_owned()));
}

#[tokio::test]
async fn the_page_thanks_without_showing_the_token() {
    let page = PageFixture::new(None).await;
    let thanks = page.request("GET /?token=first-token").await;
    assert!(thanks.starts_with("HTTP/1.1 200 OK") && thanks.contains("<h1>Thank you</h1>"), "{thanks}");
    assert!(!thanks.contains("first-token"), "{thanks}");
    assert!(page.request("GET /?token=first-token").await.contains("<h1>Seen before</h1>"));
    assert!(page.request("GET /stranger?token=other-token").await.starts_with("HTTP/1.1 400 "));
    assert!(page.request("GET /favicon.ico").await.starts_with("HTTP/1.1 400 "));
    assert!(page.request("HEAD /?token=third-token").await.starts_with("HTTP/1.1 405 "));
}

#[tokio::test]
async fn a_token_is_taken_once_however_often_it_is_brought() {
    let page = PageFixture::new(None).await;
    page.request("GET /?token=first-token").await;
    page.request("GET /?token=first-token").await;
    assert_eq!(page.mint("trader1").await, Ok("first-token".to_owned()));
    assert!(page.mint("trader1").await.is_err());
}

#[tokio::test]
async fn who_waits_is_counted_and_served_as_tokens_come() {
    let page = PageFixture::new(None).await;
    let clicks = async {
        let first = page.request("GET /?token=first-token").await;
        assert!(first.contains("Still needed: 1."), "{first}");
        page.request("GET /?token=second-token").await;
    };
    let (one, other, ()) = tokio::join!(page.mint("trader1"), page.mint("trader1"), clicks);
    let mut served = [one.expect("a token"), other.expect("a token")];
    served.sort();
    assert_eq!(served, ["first-token", "second-token"]);
    let told: Vec<_> = page.needs.lock().expect("nobody panicked").iter().map(|(_, tokens)| *tokens).collect();
    assert_eq!(told, [1, 2, 1, 0]);
}

#[tokio::test]
async fn waiting_ends_and_says_who_has_to_click() {
    let page = PageFixture::new(None).await;
    let link = page.source.inbox.link("trader2");
    assert!(link.ends_with("/trader2?token="), "{link}");
    let error = page.mint("trader2").await;
    let expected =
        format!("nobody brought a one-time token of trader2 within 0 s; let trader2 open the external link to {link}");
    assert_eq!(error, Err(expected));
    assert_eq!(page.needs.lock().expect("nobody panicked").last(), Some(&("trader2".to_owned(), 0)));
}

#[tokio::test]
async fn a_token_that_lay_too_long_is_not_handed_out() {
    let page = PageFixture::new(Some(Duration::from_millis(50))).await;
    page.request("GET /?token=first-token").await;
    tokio::time::sleep(Duration::from_millis(80)).await;
    assert!(page.mint("trader1").await.is_err());
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let page = PageFixture::new(None).await;
    let address = page.source.inbox.address;
    let users = page.source.inbox.users.clone();
    let error = PageSource::open(address, users, Arc::new(|_| ())).err().expect("the port is taken").to_string();
    let expected = format!("the page for one-time tokens cannot be served at {address}: ");
    assert!(error.starts_with(&expected) && error.ends_with("; choose another `ott.listen`"), "{error}");
}
