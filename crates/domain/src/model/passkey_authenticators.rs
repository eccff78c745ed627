//! Names of widespread authenticators, so that a user recognizes a passkey in a list.

use uuid::{Uuid, uuid};

/// Returns the name of a model of authenticators. It is for display only, because nothing proves the model.
#[must_use]
pub fn authenticator_name(aaguid: Uuid) -> Option<&'static str> {
    let index = AUTHENTICATORS.binary_search_by_key(&aaguid, |(id, _)| *id).ok()?;
    Some(AUTHENTICATORS[index].1)
}

/// Authenticators in the order of their identifiers. Identifiers and names come from the community list
/// <https://github.com/passkeydeveloper/passkey-authenticator-aaguids>, read in November 2026.
const AUTHENTICATORS: &[(Uuid, &str)] = &[
    (uuid!("08987058-cadc-4b81-b6e1-30de50dcbe96"), "Windows Hello"),
    (uuid!("0ea242b4-43c4-4a1b-8b17-dd6d0b6baec6"), "Keeper"),
    (
        uuid!("1ac71f64-468d-4fe0-bef1-0e5f2f551f18"),
        "YubiKey 5 Series with NFC (Enterprise Profile)",
    ),
    (
        uuid!("20ac7a17-c814-4833-93fe-539f0d5e3389"),
        "YubiKey 5 Series (Enterprise Profile)",
    ),
    (uuid!("22248c4c-7a12-46e2-9a41-44291b373a4d"), "LogMeOnce"),
    (uuid!("2a55aee6-27cb-42c0-bc6e-04efe999e88a"), "HID Crescendo 4000"),
    (uuid!("2cd2f727-f6ca-44da-8f48-5c2e5da000a2"), "Nitrokey 3 AM"),
    (
        uuid!("2fc0579f-8113-47ea-b116-bb5a8db9202a"),
        "YubiKey 5 Series with NFC",
    ),
    (
        uuid!("341e4da9-3c2e-8103-5a9f-aad887135200"),
        "Ledger Nano S FIDO2 Authenticator",
    ),
    (
        uuid!("34f5766d-1536-4a24-9033-0e294e510fb0"),
        "YubiKey 5 Series with NFC Preview",
    ),
    (uuid!("39a5647e-1853-446c-a1f6-a79bae9f5bc7"), "IDmelon"),
    (
        uuid!("42b4fb4a-2866-43b2-9bf7-6c6669c2e5d3"),
        "Google Titan Security Key v2",
    ),
    (
        uuid!("4599062e-6926-4fe7-9566-9e8fb1aedaa0"),
        "YubiKey 5 Series (Enterprise Profile)",
    ),
    (
        uuid!("47ab2fb4-66ac-4184-9ae1-86be814012d5"),
        "Security Key NFC by Yubico - Enterprise Edition",
    ),
    (uuid!("4d41190c-7beb-4a84-8018-adf265a6352d"), "Thales IDPrime FIDO Bio"),
    (uuid!("50726f74-6f6e-5061-7373-50726f746f6e"), "Proton Pass"),
    (uuid!("531126d6-e717-415c-9320-3d9aa6981239"), "Dashlane"),
    (uuid!("53414d53-554e-4700-0000-000000000000"), "Samsung Pass"),
    (uuid!("6028b017-b1d4-4c02-b4b3-afcdafc96bb2"), "Windows Hello"),
    (
        uuid!("6d44ba9b-f6ec-2e49-b930-0c8fe920cb73"),
        "Security Key by Yubico with NFC",
    ),
    (uuid!("73bb0cd4-e502-49b8-9c6f-b59445bf720b"), "YubiKey 5 FIPS Series"),
    (
        uuid!("7409272d-1ff9-4e10-9fc9-ac0019c124fd"),
        "YubiKey Bio Series - FIDO Edition",
    ),
    (uuid!("771b48fd-d3d4-4f74-9232-fc157ab0507a"), "Edge on Mac"),
    (
        uuid!("833b721a-ff5f-4d00-bb2e-bdda3ec01e29"),
        "Feitian ePass FIDO2 Authenticator",
    ),
    (
        uuid!("85203421-48f9-4355-9bc8-8a53846e5083"),
        "YubiKey 5 FIPS Series with Lightning",
    ),
    (
        uuid!("8876631b-d4a0-427f-5773-0ec71c9e0279"),
        "Solo Secp256R1 FIDO2 CTAP2 Authenticator",
    ),
    (uuid!("891494da-2c90-4d31-a9cd-4eab0aed1309"), "Sésame"),
    (uuid!("9ddd1817-af5a-4672-a2b9-3e3dd95000a9"), "Windows Hello"),
    (
        uuid!("a02167b9-ae71-4ac7-9a07-06432ebb6f1c"),
        "YubiKey 5 Series with Lightning",
    ),
    (
        uuid!("a10c6dd9-465e-4226-8198-c7c44b91c555"),
        "Kaspersky Password Manager",
    ),
    (uuid!("adce0002-35bc-c60a-648b-0b25f1f05503"), "Chrome on Mac"),
    (uuid!("b35a26b2-8f6e-4697-ab1d-d44db4da28c6"), "Zoho Vault"),
    (uuid!("b5397666-4885-aa6b-cebf-e52262a439a2"), "Chromium Browser"),
    (uuid!("b78a0a55-6ef8-d246-a042-ba0f6d55050c"), "LastPass"),
    (
        uuid!("b7d3f68e-88a6-471e-9ecf-2df26d041ede"),
        "Security Key NFC by Yubico",
    ),
    (uuid!("b84e4048-15dc-4dd0-8640-f4f60813c8af"), "NordPass"),
    (uuid!("b92c3f9a-c014-4056-887f-140a2501163b"), "Security Key by Yubico"),
    (uuid!("bada5566-a7aa-401f-bd96-45619a55120d"), "1Password"),
    (uuid!("bfc748bb-3429-4faa-b9f9-7cfa9f3b76d0"), "iPasswords"),
    (
        uuid!("c1f9a0bc-1dd2-404a-b27f-8e29047a43fd"),
        "YubiKey 5 FIPS Series with NFC",
    ),
    (
        uuid!("cc45f64e-52a2-451b-831a-4edd8022a202"),
        "ToothPic Passkey Provider",
    ),
    (
        uuid!("d3452668-01fd-4c12-926c-83a4204853aa"),
        "Microsoft Password Manager",
    ),
    (uuid!("d350af52-0351-4ba2-acd3-dfeeadc3f764"), "pwSafe"),
    (uuid!("d49b2120-b865-4191-8cea-be84a52b0485"), "Heimlane Vault"),
    (uuid!("d548826e-79b4-db40-a3d8-11116f7e8349"), "Bitwarden"),
    (
        uuid!("d7781e5d-e353-46aa-afe2-3ca49f13332a"),
        "YubiKey 5 Series with NFC",
    ),
    (
        uuid!("dd4ec289-e01d-41c9-bb89-70fa845d4bf2"),
        "iCloud Keychain (Managed)",
    ),
    (uuid!("de503f9c-21a4-4f76-b4b7-558eb55c6f89"), "Devolutions"),
    (
        uuid!("e77e3c64-05e3-428b-8824-0cbeb04b829d"),
        "Security Key NFC by Yubico",
    ),
    (uuid!("ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4"), "Google Password Manager"),
    (uuid!("ee882879-721c-4913-9775-3dfcce97072a"), "YubiKey 5 Series"),
    (uuid!("f3809540-7f14-49c1-a8b3-8f813b225541"), "Enpass"),
    (uuid!("fbfc3007-154e-4ecc-8c0b-6e020557d7bd"), "Apple Passwords"),
    (
        uuid!("fcb1bcb4-f370-078c-6993-bc24d0ae3fbe"),
        "Ledger Nano X FIDO2 Authenticator",
    ),
    (uuid!("fdb141b2-5d84-443e-8a35-4698c205a502"), "KeePassXC"),
    (uuid!("ff4dac45-ede8-4ec2-aced-cf66103f4335"), "YubiKey 5 Series"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authenticators_are_sorted_and_unique() {
        assert!(AUTHENTICATORS.is_sorted_by(|(first, _), (second, _)| first < second));
    }

    #[test]
    fn authenticators_are_found() {
        for (aaguid, name) in AUTHENTICATORS {
            assert_eq!(authenticator_name(*aaguid), Some(*name));
        }
        assert_eq!(authenticator_name(Uuid::nil()), None);
    }
}
