//! Serves a stand-in with wiremock: one port for one scenario at a time. For short use, because wiremock keeps about 5 kB of each
//! request; [`crate::serve`] is for long use. Bodies always have a content length.

use wiremock::{Mock, MockServer, Request as WireRequest, Respond, ResponseTemplate, matchers::any};

use crate::{
    api::BASE_PATH,
    request::{ApiRequest, text_headers},
    response::ApiResponse,
    server::StandIn,
};

/// A stand-in with a port. Dropping it inside a busy task may block, because wiremock waits for its own tasks: call
/// [`WiremockStandIn::close`] where there is a runtime.
pub struct WiremockStandIn {
    server: StandIn,
    /// `None` once closed.
    mock: Option<MockServer>,
    base_url: String,
}

/// Serves a stand-in on a free port of the loopback interface.
///
/// # Panics
/// When the machine has no free port.
pub async fn serve_on_wiremock(server: StandIn) -> WiremockStandIn {
    // The pooled `MockServer::start` would keep its port open after the scenario.
    let mock = MockServer::builder().disable_request_recording().start().await;
    mount(&mock, &server).await;
    let base_url = format!("{}{BASE_PATH}", mock.uri());
    WiremockStandIn { server, mock: Some(mock), base_url }
}

async fn mount(mock: &MockServer, server: &StandIn) {
    Mock::given(any()).respond_with(WiremockResponder(server.clone())).mount(mock).await;
}

impl WiremockStandIn {
    /// Serves another stand-in on the same port from now on. Reusing ports keeps a machine from running out of them.
    pub async fn replace(&mut self, server: StandIn) {
        if let Some(mock) = &self.mock {
            mock.reset().await;
            mount(mock, &server).await;
        }
        self.server = server;
    }

    /// The base URL of the API: scheme, host, port and base path, without a trailing slash.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.base_url.clone()
    }

    /// The stand-in behind the port.
    #[must_use]
    pub fn server(&self) -> &StandIn {
        &self.server
    }

    /// Closes the port.
    pub async fn close(mut self) {
        if let Some(mock) = self.mock.take() {
            // On a blocking thread, because the drop blocks until wiremock's own tasks have ended.
            let dropped = tokio::task::spawn_blocking(move || drop(mock));
            dropped.await.ok();
        }
    }
}

impl Drop for WiremockStandIn {
    fn drop(&mut self) {
        let Some(mock) = self.mock.take() else { return };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(move || drop(mock))),
            Err(_) => drop(mock),
        }
    }
}

struct WiremockResponder(StandIn);

impl Respond for WiremockResponder {
    fn respond(&self, request: &WireRequest) -> ResponseTemplate {
        to_wiremock(self.0.handle(&from_wiremock(request)))
    }
}

fn from_wiremock(request: &WireRequest) -> ApiRequest {
    ApiRequest {
        method: request.method.as_str().to_owned(),
        path: request.url.path().to_owned(),
        query: request.url.query().map(str::to_owned),
        headers: text_headers(request.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()))),
        body: request.body.clone(),
    }
}

fn to_wiremock(response: ApiResponse) -> ResponseTemplate {
    let content_type = response.header("content-type").unwrap_or_default().to_owned();
    let headers = response.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
    let template = headers.fold(ResponseTemplate::new(response.status), |template, (name, value)| {
        template.append_header(name.as_str(), value.as_str())
    });
    let template = template.set_body_raw(response.body, &content_type);
    response.delay.map_or(template.clone(), |delay| template.set_delay(delay))
}
