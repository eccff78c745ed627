//! TLS to mail servers, and the certificates that are trusted.

use lettre::transport::smtp::{
    self,
    client::{Certificate, CertificateStore, TlsParameters},
};

/// Certificates of authorities that are trusted besides those of the system.
#[derive(Debug, Clone)]
pub struct CaCertificates(Vec<Certificate>);

/// There is no certificate, or one is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseCaError {
    /// There is none.
    #[error("it has no certificate in PEM format (`-----BEGIN CERTIFICATE-----`)")]
    Empty,
    /// One cannot be read.
    #[error("it has a certificate that cannot be read")]
    Damaged,
}

impl CaCertificates {
    /// Reads any number of certificates in PEM format.
    ///
    /// # Errors
    /// [`ParseCaError`].
    pub fn from_pem(pem: &[u8]) -> Result<Self, ParseCaError> {
        let is_certificate = |window: &[u8]| window == b"-----BEGIN CERTIFICATE-----";
        if !pem.windows(27).any(is_certificate) {
            return Err(ParseCaError::Empty);
        }
        let certificate = Certificate::from_pem(pem).map_err(|_| ParseCaError::Damaged)?;
        if is_usable(&certificate) {
            Ok(Self(vec![certificate]))
        } else {
            Err(ParseCaError::Damaged)
        }
    }
}

/// Whether TLS can be set up with it: lettre refuses all of them because of one.
fn is_usable(certificate: &Certificate) -> bool {
    TlsParameters::builder("localhost".to_owned())
        .certificate_store(CertificateStore::None)
        .add_root_certificate(certificate.clone())
        .build()
        .is_ok()
}

/// TLS that accepts a server with a valid certificate for this host, by an authority that is bundled, the
/// system's, or one of these.
pub(crate) fn verified(host: &str, authorities: Option<&CaCertificates>) -> Result<TlsParameters, smtp::Error> {
    let mut builder = TlsParameters::builder(host.to_owned()).certificate_store(CertificateStore::WebpkiRoots);
    // Those that cannot be read are the system's fault and no reason to send no mail.
    let system = rustls_native_certs::load_native_certs().certs;
    let system = system
        .into_iter()
        .filter_map(|certificate| Certificate::from_der(certificate.to_vec()).ok())
        .filter(is_usable);
    for certificate in system.chain(authorities.into_iter().flat_map(|ours| ours.0.iter().cloned())) {
        builder = builder.add_root_certificate(certificate);
    }
    builder.build()
}

/// TLS that accepts any certificate, for connections that could as well be unencrypted.
pub(crate) fn unverified(host: &str) -> Result<TlsParameters, smtp::Error> {
    TlsParameters::builder(host.to_owned())
        .certificate_store(CertificateStore::None)
        .dangerous_accept_invalid_certs(true)
        .dangerous_accept_invalid_hostnames(true)
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_certificates_is_rejected_for_its_reason() {
        let error = |pem: &[u8]| CaCertificates::from_pem(pem).expect_err("no certificate");
        assert_eq!(error(b""), ParseCaError::Empty);
        assert_eq!(error(b"-----BEGIN PRIVATE KEY-----"), ParseCaError::Empty);
        for text in [
            "-----BEGIN CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ] {
            assert_eq!(error(text.as_bytes()), ParseCaError::Damaged, "{text}");
        }
    }
}
