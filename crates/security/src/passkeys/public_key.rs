//! Public keys as COSE keys (RFC 9052, section 7), with the parameters of RFC 9053, section 7, and RFC 8230, section 4.

use std::collections::BTreeMap;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
};
use minicbor::{Decoder, data::Type, decode};
use vestibule_domain::PasskeyError;

pub(super) struct PublicKey(ParsedPublicKey);

impl PublicKey {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, PasskeyError> {
        use Parameter::{Bytes, Integer};

        let parameters = parameters(bytes)?;
        // The labels of the type of the key, of its algorithm, and of three parameters that depend on the type.
        let key = match [1, 3, -1, -2, -3].map(|label| parameters.get(&label)) {
            [
                Some(Integer(2)),
                Some(Integer(-7)),
                Some(Integer(1)),
                Some(Bytes(x)),
                Some(Bytes(y)),
            ] if x.len() == 32 && y.len() == 32 => {
                ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, [&[4], *x, *y].concat())
            }
            [Some(Integer(1)), Some(Integer(-8)), Some(Integer(6)), Some(Bytes(x)), _]
                if x.len() == 32 && !has_small_order(x) =>
            {
                ParsedPublicKey::new(&ED25519, x)
            }
            [Some(Integer(3)), Some(Integer(-257)), Some(Bytes(n)), Some(Bytes(e)), _]
                if (2048..=4096).contains(&bit_length(n)) && is_odd(n) && is_usual_exponent(e) =>
            {
                RsaPublicKeyComponents { n, e }.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
            }
            _ => return Err(PasskeyError::Algorithm),
        };
        key.map(Self).map_err(|_| PasskeyError::Malformed)
    }

    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), PasskeyError> {
        self.0
            .verify_sig(message, signature)
            .map_err(|_| PasskeyError::Signature)
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Parameter<'a> {
    Integer(i64),
    Bytes(&'a [u8]),
    Other,
}

/// Reads the parameters of a COSE key, none of them twice.
fn parameters(bytes: &[u8]) -> Result<BTreeMap<i64, Parameter<'_>>, PasskeyError> {
    let mut decoder = Decoder::new(bytes);
    let mut parameters = BTreeMap::new();
    let length = decoder.map().ok().flatten().ok_or(PasskeyError::Malformed)?;
    for _ in 0..length {
        let (label, value) = parameter(&mut decoder).map_err(|_| PasskeyError::Malformed)?;
        if parameters.insert(label, value).is_some() {
            return Err(PasskeyError::Malformed);
        }
    }
    if decoder.position() == bytes.len() {
        Ok(parameters)
    } else {
        Err(PasskeyError::Malformed)
    }
}

fn parameter<'a>(decoder: &mut Decoder<'a>) -> Result<(i64, Parameter<'a>), decode::Error> {
    let label = decoder.i64()?;
    let value = match decoder.datatype()? {
        Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::I8 | Type::I16 | Type::I32 | Type::I64 => {
            Parameter::Integer(decoder.i64()?)
        }
        Type::Bytes => Parameter::Bytes(decoder.bytes()?),
        _ => {
            decoder.skip()?;
            Parameter::Other
        }
    };
    Ok((label, value))
}

/// The points of Ed25519 of a small order, in both encodings if there are two (RFC 8032, section 5.1.2), without the sign. A
/// signature under such a key is valid for many messages.
const SMALL_ORDER: [[u8; 32]; 7] = [
    filled(0, 0, 0),
    filled(1, 0, 0),
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
        0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
        0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
    filled(0xec, 0xff, 0x7f),
    filled(0xed, 0xff, 0x7f),
    filled(0xee, 0xff, 0x7f),
];

/// Returns bytes that are all the same, except the first and the last.
const fn filled(first: u8, middle: u8, last: u8) -> [u8; 32] {
    let mut bytes = [middle; 32];
    bytes[0] = first;
    bytes[31] = last;
    bytes
}

fn has_small_order(point: &[u8]) -> bool {
    SMALL_ORDER
        .iter()
        .any(|small| point[..31] == small[..31] && point[31] & 0x7f == small[31])
}

fn is_odd(number: &[u8]) -> bool {
    number.last().is_some_and(|last| last % 2 == 1)
}

/// Returns whether an exponent of RSA is odd and from 3 to 2³² - 1. Authenticators use 65,537.
fn is_usual_exponent(exponent: &[u8]) -> bool {
    is_odd(exponent) && exponent.len() <= 4 && *exponent != [1]
}

/// Returns the length of a number in big-endian bytes without leading zeros, which aws-lc-rs rejects.
fn bit_length(number: &[u8]) -> usize {
    number
        .first()
        .map_or(0, |first| number.len() * 8 - first.leading_zeros() as usize)
}

#[cfg(test)]
mod tests {
    use vestibule_soft_authenticator::cbor::{bytes, integer, map, text};

    use super::*;

    fn parse(parameters: &[(i16, Vec<u8>)]) -> Option<PasskeyError> {
        let encode = |(label, value): &(i16, Vec<u8>)| [integer(*label), value.clone()].concat();
        let encoded: Vec<u8> = parameters.iter().flat_map(encode).collect();
        PublicKey::parse(&[map(parameters.len()), encoded].concat()).err()
    }

    fn okp(algorithm: i16, curve: i16, x: &[u8]) -> Vec<(i16, Vec<u8>)> {
        vec![
            (1, integer(1)),
            (3, integer(algorithm)),
            (-1, integer(curve)),
            (-2, bytes(x)),
        ]
    }

    fn ec2(algorithm: i16, curve: i16, y: Vec<u8>) -> Vec<(i16, Vec<u8>)> {
        let mut parameters = okp(algorithm, curve, &[1; 32]);
        parameters[0].1 = integer(2);
        parameters.push((-3, y));
        parameters
    }

    /// The base point of Ed25519 (RFC 8032, section 5.1).
    const POINT: [u8; 32] = filled(0x58, 0x66, 0x66);

    fn rsa(modulus: &[u8]) -> Option<PasskeyError> {
        rsa_with_exponent(modulus, &[1, 0, 1])
    }

    fn rsa_with_exponent(modulus: &[u8], exponent: &[u8]) -> Option<PasskeyError> {
        parse(&[
            (1, integer(3)),
            (3, integer(-257)),
            (-1, bytes(modulus)),
            (-2, bytes(exponent)),
        ])
    }

    #[test]
    fn degenerate_keys_are_rejected() {
        for point in SMALL_ORDER {
            for sign in [0, 0x80] {
                let mut point = point;
                point[31] |= sign;
                assert_eq!(
                    parse(&okp(-8, 6, &point)),
                    Some(PasskeyError::Algorithm),
                    "{point:02x?}"
                );
            }
        }
        let odd = [0xff; 256];
        let mut even = odd;
        even[255] = 0xfe;
        assert_eq!(rsa(&odd), None);
        assert_eq!(rsa(&even), Some(PasskeyError::Algorithm));
        for exponent in [&[1][..], &[2], &[1, 0, 0], &[1, 0, 0, 0, 1], &[]] {
            assert_eq!(
                rsa_with_exponent(&odd, exponent),
                Some(PasskeyError::Algorithm),
                "{exponent:?}"
            );
        }
    }

    #[test]
    fn algorithms_that_were_not_offered_are_rejected() {
        assert_eq!(parse(&okp(-8, 6, &POINT)), None);
        let rejected = [
            okp(-8, 7, &[0; 57]),             // Ed448
            okp(-8, 6, &[0; 31]),             // too short
            okp(-19, 6, &[0; 32]),            // the fully specified identifier of RFC 9864
            okp(-7, 6, &[0; 32]),             // of a different type of key
            ec2(-35, 2, bytes(&[0; 48])),     // P-384
            ec2(-47, 8, bytes(&[0; 32])),     // secp256k1
            ec2(-7, 1, bytes(&[0; 31])),      // too short
            ec2(-7, 1, vec![0xf5]),           // a compressed point
            okp(-8, 6, &POINT)[..3].to_vec(), // without the key
            vec![],
        ];
        for parameters in rejected {
            assert_eq!(parse(&parameters), Some(PasskeyError::Algorithm), "{parameters:?}");
        }
    }

    #[test]
    fn rsa_keys_have_2048_to_4096_bits() {
        for (bytes, first, error) in [
            (256, 0x7f, Some(PasskeyError::Algorithm)),
            (256, 0x80, None),
            (257, 0x00, Some(PasskeyError::Malformed)),
            (512, 0xff, None),
            (513, 0x01, Some(PasskeyError::Algorithm)),
            (0, 0, Some(PasskeyError::Algorithm)),
        ] {
            let mut modulus = vec![0xff; bytes];
            modulus.first_mut().into_iter().for_each(|byte| *byte = first);
            assert_eq!(rsa(&modulus), error, "{bytes} bytes from {first}");
        }
    }

    #[test]
    fn malformed_keys_are_rejected() {
        let valid = okp(-8, 6, &POINT);
        let with = |label, value| [valid.clone(), vec![(label, value)]].concat();
        assert_eq!(parse(&with(2, bytes(b"an identifier"))), None);
        assert_eq!(parse(&with(-650, vec![0x81, 0x80])), None);
        assert_eq!(
            parse(&with(3, integer(-8))),
            Some(PasskeyError::Malformed),
            "a repeated label"
        );
        assert_eq!(parse(&with(4, vec![])), Some(PasskeyError::Malformed), "no value");
        let off_curve = ec2(-7, 1, bytes(&[1; 32]));
        assert_eq!(
            parse(&off_curve),
            Some(PasskeyError::Malformed),
            "a point beside the curve"
        );
        for bytes in [
            &[][..],
            &[0xa0, 0],
            &[0x80],
            &[0xbf, 0xff],
            &[map(1), text("x"), integer(1)].concat(),
        ] {
            assert_eq!(
                PublicKey::parse(bytes).err(),
                Some(PasskeyError::Malformed),
                "{bytes:?}"
            );
        }
    }
}
