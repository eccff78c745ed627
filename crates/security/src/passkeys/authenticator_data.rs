//! Authenticator data: the state of the authenticator and, at registration, the new credential (Web Authentication,
//! section 6.1).

use minicbor::{Decoder, data::Type};
use uuid::Uuid;

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const HAS_CREDENTIAL: u8 = 1 << 6;
const HAS_EXTENSIONS: u8 = 1 << 7;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct AuthenticatorData<'a> {
    pub(super) rp_id_hash: &'a [u8; 32],
    flags: u8,
    pub(super) sign_count: u32,
    pub(super) credential: Option<NewCredential<'a>>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct NewCredential<'a> {
    pub(super) aaguid: Uuid,
    pub(super) id: &'a [u8],
    /// The public key as a COSE key.
    pub(super) public_key: &'a [u8],
}

impl<'a> AuthenticatorData<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (rp_id_hash, rest) = bytes.split_first_chunk()?;
        let (&flags, rest) = rest.split_first()?;
        let (&sign_count, mut rest) = rest.split_first_chunk()?;
        let has = |flag| flags & flag != 0;
        let credential = if has(HAS_CREDENTIAL) {
            Some(take_credential(&mut rest)?)
        } else {
            None
        };
        if has(HAS_EXTENSIONS) {
            take_map(&mut rest)?;
        }
        rest.is_empty().then_some(Self {
            rp_id_hash,
            flags,
            sign_count: u32::from_be_bytes(sign_count),
            credential,
        })
    }

    pub(super) const fn user_present(&self) -> bool {
        self.flags & USER_PRESENT != 0
    }

    pub(super) const fn user_verified(&self) -> bool {
        self.flags & USER_VERIFIED != 0
    }

    pub(super) const fn backup_eligible(&self) -> bool {
        self.flags & BACKUP_ELIGIBLE != 0
    }

    pub(super) const fn backed_up(&self) -> bool {
        self.flags & BACKED_UP != 0
    }
}

/// Returns the authenticator data in an attestation object (Web Authentication, section 6.5.4).
pub(super) fn of_attestation(object: &[u8]) -> Option<&[u8]> {
    let mut decoder = Decoder::new(object);
    let mut data = None;
    for _ in 0..decoder.map().ok()?? {
        if decoder.str().ok()? != "authData" {
            decoder.skip().ok()?;
        } else if data.replace(decoder.bytes().ok()?).is_some() {
            return None;
        }
    }
    data.filter(|_| decoder.position() == object.len())
}

/// Takes a new credential from the start of `bytes` (Web Authentication, section 6.5.1).
fn take_credential<'a>(bytes: &mut &'a [u8]) -> Option<NewCredential<'a>> {
    let (&aaguid, rest) = bytes.split_first_chunk()?;
    let (&id_length, rest) = rest.split_first_chunk()?;
    let (id, rest) = rest.split_at_checked(u16::from_be_bytes(id_length).into())?;
    *bytes = rest;
    Some(NewCredential {
        aaguid: Uuid::from_bytes(aaguid),
        id,
        public_key: take_map(bytes)?,
    })
}

/// Takes a map in CBOR from the start of `bytes`.
fn take_map<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let mut decoder = Decoder::new(bytes);
    if decoder.datatype().ok()? != Type::Map {
        return None;
    }
    decoder.skip().ok()?;
    let (map, rest) = bytes.split_at_checked(decoder.position())?;
    *bytes = rest;
    Some(map)
}
