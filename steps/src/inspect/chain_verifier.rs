//! A certificate verifier that decides by a rule of its own what the verdicts of the real verifier mean.

use std::{fmt::Debug, sync::Arc};

use rustls::{
    DigitallySignedStruct, Error, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    pki_types::{CertificateDer, ServerName, UnixTime},
};

/// Whether a chain is accepted.
pub(crate) type ChainVerdict = Result<ServerCertVerified, Error>;

/// Whether the signature of a handshake is accepted.
pub(crate) type SignatureVerdict = Result<HandshakeSignatureValid, Error>;

/// Decides about a chain.
pub(crate) trait ChainRule: Debug + Send + Sync {
    /// Decides about the chain of the server `name`, which begins with the certificate `own`; `verify` is the verdict of the real verifier
    /// for a name.
    fn decide(
        &self,
        own: &CertificateDer<'_>,
        name: &ServerName<'_>,
        verify: &dyn Fn(&ServerName<'_>) -> ChainVerdict,
    ) -> ChainVerdict;

    /// Decides about the signature of the handshake, given the verdict of the real verifier.
    fn decide_signature(&self, verified: SignatureVerdict) -> SignatureVerdict {
        verified
    }
}

/// The real verifier with a rule about chains.
#[derive(Debug)]
pub(crate) struct ChainVerifier<R> {
    pub(crate) real: Arc<dyn ServerCertVerifier>,
    pub(crate) rule: R,
}

impl<R: ChainRule> ServerCertVerifier for ChainVerifier<R> {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> ChainVerdict {
        let verify =
            |name: &ServerName<'_>| self.real.verify_server_cert(end_entity, intermediates, name, ocsp_response, now);
        self.rule.decide(end_entity, server_name, &verify)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> SignatureVerdict {
        self.rule.decide_signature(self.real.verify_tls12_signature(message, cert, signature))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> SignatureVerdict {
        self.rule.decide_signature(self.real.verify_tls13_signature(message, cert, signature))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.real.supported_verify_schemes()
    }
}
