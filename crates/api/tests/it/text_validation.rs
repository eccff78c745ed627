//! Names and descriptions with characters that are invisible or reorder the text around them.

use serde_json::json;
use vestibule_testing::{Engine, TestServer, on_each_database};

on_each_database!(
    invisible_or_reordering_text_is_rejected,
    text_with_required_joiners_is_accepted
);

async fn invisible_or_reordering_text_is_rejected(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    for text in [
        "\u{202e}nimda",
        "Ada \u{2066}Lovelace\u{2069}",
        "\u{200f}Ada",
        "Ada\u{61c}Lovelace",
        "\u{200b}",
        "\u{200d}\u{fe0f}",
        "\u{3164}",
        "\u{115f}\u{1160}",
        "\u{2800}",
        "\u{301}",
        "\u{e0041}\u{e007f}",
        "Ada\u{2028}Lovelace",
    ] {
        let name = json!({ "display_name": text });
        let rejected = root.patch("/api/users/me").json(&name).send().await;
        assert_eq!(rejected.problem(), (422, "validation_failed".to_owned()), "{text:?}");
        assert_eq!(
            rejected.field_error(),
            ("/display_name".to_owned(), "invalid_format".to_owned()),
            "{text:?}"
        );
        let role = json!({ "name": "clerk", "description": text, "permissions": [] });
        let rejected = root.post("/api/roles").json(&role).send().await;
        assert_eq!(
            rejected.field_error(),
            ("/description".to_owned(), "invalid_format".to_owned()),
            "{text:?}"
        );
    }
}

async fn text_with_required_joiners_is_accepted(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    for text in [
        "👩\u{200d}💻 Ada",
        "❤\u{fe0f}",
        "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
        "نیلوفر می\u{200c}خواهم",
        "ශ\u{dca}\u{200d}ර\u{dd3}",
        "עדה לאבלייס",
        "Jose\u{301}",
        "李小龍",
        "-",
    ] {
        let name = json!({ "display_name": text });
        let changed = root.patch("/api/users/me").json(&name).send().await;
        assert_eq!(changed.status, 200, "{text:?}: {}", changed.text);
        assert_eq!(changed.json()["display_name"], text);
    }
}
