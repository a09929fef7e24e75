//! A server behind wiremock: one port for one scenario at a time. Meant to live shortly, for wiremock keeps some 5 kB of every
//! request; [`crate::serve`] is for the long run. It announces the length of every body, chunks or not.

use wiremock::{Mock, MockServer, Request as WireRequest, Respond, ResponseTemplate, matchers::any};

use crate::{Request, Response, Server, serve::text_headers};

/// A server that can be reached. Dropping it inside a busy task may hang, for wiremock waits for its own tasks then:
/// call [`Served::close`] where there is a runtime.
pub struct Served {
    server: Server,
    /// Taken out when it is closed.
    mock: Option<MockServer>,
    base_url: String,
}

/// Puts a server on a free port of the loopback interface.
///
/// # Panics
/// When the machine has no port to give.
pub async fn on_wiremock(server: Server) -> Served {
    // The pooled `MockServer::start` would keep its port open after the scenario.
    let mock = MockServer::builder().disable_request_recording().start().await;
    mount(&mock, &server).await;
    let base_url = format!("{}{}", mock.uri(), crate::BASE_PATH);
    Served { server, mock: Some(mock), base_url }
}

async fn mount(mock: &MockServer, server: &Server) {
    Mock::given(any()).respond_with(Answers(server.clone())).mount(mock).await;
}

impl Served {
    /// Serves another server on the same port from now on. A port costs more than a server, and a machine has few.
    pub async fn take_over(&mut self, server: Server) {
        if let Some(mock) = &self.mock {
            mock.reset().await;
            mount(mock, &server).await;
        }
        self.server = server;
    }

    /// Where the API begins: scheme, host, port and base path, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.base_url.clone()
    }

    /// The server behind the port: its clock, its users, its one-time tokens.
    #[must_use]
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Closes the port. wiremock does so on a thread of its own, a moment after it is told.
    pub async fn close(mut self) {
        if let Some(mock) = self.mock.take() {
            // A task that blocks has no budget that the drop could use up.
            let dropped = tokio::task::spawn_blocking(move || drop(mock));
            dropped.await.ok();
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let Some(mock) = self.mock.take() else { return };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(move || drop(mock))),
            Err(_) => drop(mock),
        }
    }
}

struct Answers(Server);

impl Respond for Answers {
    fn respond(&self, request: &WireRequest) -> ResponseTemplate {
        template(self.0.handle(&plain(request)))
    }
}

fn plain(request: &WireRequest) -> Request {
    Request {
        method: request.method.as_str().to_owned(),
        path: request.url.path().to_owned(),
        query: request.url.query().map(str::to_owned),
        headers: text_headers(request.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()))),
        body: request.body.clone(),
    }
}

fn template(response: Response) -> ResponseTemplate {
    let content_type = response.header("content-type").unwrap_or_default().to_owned();
    let headers = response.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
    let template = headers.fold(ResponseTemplate::new(response.status), |template, (name, value)| {
        template.append_header(name.as_str(), value.as_str())
    });
    let template = template.set_body_raw(response.body, &content_type);
    response.delay.map_or(template.clone(), |delay| template.set_delay(delay))
}
