//! The nodes that take part: those that answer for themselves. One that is down, drains or serves another API breaks no promise.

use futures::future::join_all;

use super::endpoint::{Api, TOKEN_PATH};
use crate::{
    Masked, StepError,
    message::{Call, Request},
};

impl Api {
    /// The places of the nodes that answer, which are at least two.
    ///
    /// # Errors
    /// Skips without nodes; inconclusive where fewer than two answer.
    pub(crate) async fn nodes(&self) -> Result<Vec<usize>, StepError> {
        let target = &self.site.target;
        if target.nodes.is_empty() {
            return Err(StepError::skipped("the nodes behind the base URL are not configured (`nodes`)"));
        }
        let absent = self.site.cluster.absent.get_or_init(|| self.look_for_nodes()).await;
        for (node, reason) in target.nodes.iter().zip(absent) {
            if let Some(reason) = reason {
                let note = format!("the node {node} takes no part: {reason}");
                self.client.journal.note(self.site.redactor.mask(&note));
            }
        }
        let present: Vec<usize> = (0..target.nodes.len()).filter(|node| absent[*node].is_none()).collect();
        if present.len() < 2 {
            let reason = "fewer than two of the `nodes` answer, so that nothing can be compared";
            return Err(StepError::inconclusive(reason));
        }
        Ok(present)
    }

    async fn look_for_nodes(&self) -> Vec<Option<Masked>> {
        join_all((0..self.site.target.nodes.len()).map(|node| self.look_for(node))).await
    }

    /// Sends a login without credentials, which any node of this API refuses. A second look makes up for a connection that broke.
    pub(crate) async fn look_for(&self, node: usize) -> Option<Masked> {
        let api = self.on_node(node);
        let request = || Request::new("POST", TOKEN_PATH).json(&serde_json::json!({}));
        let mut answer = api.client.send(Call::Other, request()).await;
        if answer.is_err() {
            answer = api.client.send(Call::Other, request()).await;
        }
        let reason = match answer {
            Ok(answer) if answer.status == 404 => "it answers 404 to a login: see its URL in `nodes`".to_owned(),
            Ok(_) => return None,
            Err(trouble) => trouble.to_string(),
        };
        Some(self.site.redactor.mask(&reason))
    }
}
