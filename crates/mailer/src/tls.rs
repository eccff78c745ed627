//! TLS parameters for mail servers.

use lettre::transport::smtp::{
    self,
    client::{Certificate, CertificateStore, TlsParameters},
};

/// Certificates of authorities to trust besides the bundled ones and those of the system.
#[derive(Debug, Clone)]
pub struct CaCertificates(Vec<Certificate>);

/// The error of reading [`CaCertificates`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseCaError {
    /// The text contains no certificate.
    #[error("no certificate in PEM format (`-----BEGIN CERTIFICATE-----`) was found")]
    Empty,
    /// A certificate cannot be decoded.
    #[error("a certificate is damaged")]
    Damaged,
}

impl CaCertificates {
    /// Reads any number of certificates in PEM format.
    ///
    /// # Errors
    /// Returns [`ParseCaError`] if there is no certificate, or if one is damaged.
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

/// Returns whether TLS can be set up with the certificate. lettre rejects all certificates if one is damaged.
fn is_usable(certificate: &Certificate) -> bool {
    TlsParameters::builder("localhost".to_owned())
        .certificate_store(CertificateStore::None)
        .add_root_certificate(certificate.clone())
        .build()
        .is_ok()
}

/// Returns parameters that require a valid certificate for `host`, issued by a bundled authority, one of the system or
/// one of `ca_certificates`.
pub(crate) fn verified(host: &str, ca_certificates: Option<&CaCertificates>) -> Result<TlsParameters, smtp::Error> {
    let mut builder = TlsParameters::builder(host.to_owned()).certificate_store(CertificateStore::WebpkiRoots);
    // An unreadable certificate of the system must not stop email.
    let system = rustls_native_certs::load_native_certs().certs;
    let system = system
        .into_iter()
        .filter_map(|certificate| Certificate::from_der(certificate.to_vec()).ok())
        .filter(is_usable);
    let configured = ca_certificates.into_iter().flat_map(|ca| ca.0.iter().cloned());
    for certificate in system.chain(configured) {
        builder = builder.add_root_certificate(certificate);
    }
    builder.build()
}

/// Returns parameters that accept any certificate, for connections that may also be unencrypted.
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
    fn from_pem_without_valid_certificates_fails() {
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
