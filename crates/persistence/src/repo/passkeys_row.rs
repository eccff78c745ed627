//! Rows of the `passkeys` table.

use sea_orm::{ActiveValue::Set, DbErr};
use vestibule_domain::{CredentialId, Id, Passkey, PasskeyKey, PasskeyName};

use crate::{
    entity::passkey::{ActiveModel, Model},
    repo::corrupt,
};

pub(super) fn read_passkey(row: Model) -> Result<Passkey, DbErr> {
    let Model {
        id,
        user_id,
        name,
        credential_id,
        public_key,
        aaguid,
        sign_count,
        user_verified,
        backup_eligible,
        backed_up,
        discoverable,
        transports,
        created_at,
        last_used_at,
    } = row;
    Ok(Passkey {
        id: Id::from_uuid(id),
        user: Id::from_uuid(user_id),
        name: PasskeyName::new_unchecked(name),
        key: PasskeyKey {
            credential_id: CredentialId(credential_id),
            public_key,
            aaguid,
            sign_count: u32::try_from(sign_count).map_err(|_| corrupt("signature counter"))?,
            user_verified,
            backup_eligible,
            backed_up,
        },
        transports: transports.split_ascii_whitespace().map(str::to_owned).collect(),
        discoverable,
        created_at,
        last_used_at,
    })
}

pub(super) fn to_row(passkey: &Passkey) -> ActiveModel {
    let Passkey {
        id,
        user,
        name,
        key,
        transports,
        discoverable,
        created_at,
        last_used_at,
    } = passkey;
    let PasskeyKey {
        credential_id,
        public_key,
        aaguid,
        sign_count,
        user_verified,
        backup_eligible,
        backed_up,
    } = key;
    ActiveModel {
        id: Set(id.as_uuid()),
        user_id: Set(user.as_uuid()),
        name: Set(name.as_str().to_owned()),
        credential_id: Set(credential_id.0.clone()),
        public_key: Set(public_key.clone()),
        aaguid: Set(*aaguid),
        sign_count: Set((*sign_count).into()),
        user_verified: Set(*user_verified),
        backup_eligible: Set(*backup_eligible),
        backed_up: Set(*backed_up),
        discoverable: Set(*discoverable),
        transports: Set(transports.join(" ")),
        created_at: Set(*created_at),
        last_used_at: Set(*last_used_at),
    }
}
