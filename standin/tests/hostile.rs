//! The server answers hostile requests with documented statuses and keeps working.

mod support;

use proptest::{collection::vec, option, prelude::*};
use standin::{ApiRequest, BASE_PATH, StandIn, StandInOptions, Variations, variations};
use support::TestClient;

const PATHS: [&str; 7] = [
    "/auth/token",
    "/auth/token/refresh",
    "/external/token/verify",
    "/connectors/settings",
    "/accounts",
    "/methods/errors",
    "/no/such/path",
];

fn path() -> impl Strategy<Value = String> {
    prop_oneof![proptest::sample::select(&PATHS[..]).prop_map(|path| format!("{BASE_PATH}{path}")), ".*"]
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    let field = prop_oneof!["\".{0,40}\"", "-?[0-9]{1,30}", "null|true|\\[\\]|\\{\\}|1e400"];
    let object =
        (proptest::sample::select(&["login", "password", "token", "accessTokenLifeTime"][..]), field.clone(), field)
            .prop_map(|(name, first, second)| format!("{{\"{name}\":{first},\"password\":{second}}}").into_bytes());
    prop_oneof![object, vec(any::<u8>(), 0..200)]
}

prop_compose! {
    fn request()(
        method in prop_oneof!["GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS", ".{0,8}"],
        path in path(),
        query in option::of(".{0,60}"),
        headers in vec(("token|authorization|login|x-auth-token|.{0,8}", "(Bearer |Basic |bearer)?.{0,60}"), 0..4),
        body in body(),
    ) -> ApiRequest {
        ApiRequest { method, path, query, headers, body }
    }
}

fn server_with(names: &[&str]) -> StandIn {
    StandIn::new(StandInOptions {
        variations: Variations::from_names(names).expect("the variations exist"),
        ..StandInOptions::default()
    })
}

proptest! {
    #[test]
    fn hostile_requests_get_documented_statuses(request in request()) {
        let client = TestClient::with_variations(&[]);
        let status = client.server.handle(&request).status;
        prop_assert!([200, 204, 400, 401, 404, 405, 406].contains(&status), "{}", status);
        prop_assert_eq!(client.probe(&client.pair().access).status, 200);
    }

    #[test]
    fn two_random_variations_together_keep_the_server_working(
        requests in vec(request(), 1..12),
        first in 0..variations::faults().len(),
        second in 0..variations::variants().len(),
    ) {
        let server = server_with(&[variations::faults()[first].name, variations::variants()[second].name]);
        for request in requests {
            let status = server.handle(&request).status;
            prop_assert!((200..600).contains(&status), "{}", status);
        }
    }

    #[test]
    fn a_server_without_users_issues_no_pair(
        requests in vec(request(), 1..6),
        fault in 0..variations::faults().len(),
    ) {
        let variations = Variations::from_names(&[variations::faults()[fault].name]).expect("the variation exists");
        let server = StandIn::new(StandInOptions { users: Vec::new(), variations, ..StandInOptions::default() });
        for request in requests {
            let response = server.handle(&request);
            prop_assert!(!String::from_utf8_lossy(&response.body).contains("accessToken\":"), "a pair without a user");
        }
    }
}
