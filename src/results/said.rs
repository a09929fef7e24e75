//! What in a scenario came from a server, or was made of it.

use steps::Masked;

use super::{Exchange, Scenario, Step};

impl Scenario {
    /// Every text that a server may have had a part in.
    pub(crate) fn said(&mut self) -> impl Iterator<Item = &mut Masked> {
        let exchanges = self.exchanges.iter_mut().flat_map(Exchange::said);
        exchanges.chain(self.steps.iter_mut().flat_map(Step::said)).chain(self.reason.as_mut())
    }
}

impl Exchange {
    fn said(&mut self) -> impl Iterator<Item = &mut Masked> {
        let (headers, body) = self.answer.as_mut().map(|answer| (&mut answer.headers, &mut answer.body)).unzip();
        let headers = self.request.headers.iter_mut().chain(headers.into_iter().flatten()).map(|(_, value)| value);
        let code = self.judged.as_mut().and_then(|reading| reading.error_code.as_mut());
        let texts = [Some(&mut self.request.url), self.request.body.as_mut(), body, self.trouble.as_mut(), code];
        headers.chain(texts.into_iter().flatten())
    }
}

impl Step {
    fn said(&mut self) -> impl Iterator<Item = &mut Masked> {
        let failure = self.failure.as_mut().map(|failure| [&mut failure.expected, &mut failure.answered]);
        failure.into_iter().flatten().chain(self.note.as_mut())
    }
}
