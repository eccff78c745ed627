use super::*;

#[test]
fn driver_options_match_url() {
    let all = |text| parsed(text).connect_options().expect(text);
    let options = all("postgres://ada:p%23w@a:1,[::1]:2,%2Frun%2Fpg/app?application_name=mine&sslmode=require");
    let servers: Vec<_> = options
        .iter()
        .map(|options| {
            let socket = options.get_socket().map(|path| path.display().to_string());
            let host = socket.unwrap_or_else(|| options.get_host().to_owned());
            (host, options.get_port(), options.get_username(), options.get_database())
        })
        .collect();
    let expected = |host: &str, port| (host.to_owned(), port, "ada", Some("app"));
    assert_eq!(
        servers,
        [expected("a", 1), expected("::1", 2), expected("/run/pg", 5432)]
    );
    let modes: Vec<_> = options
        .iter()
        .map(|options| format!("{:?}", options.get_ssl_mode()))
        .collect();
    assert_eq!(modes, ["Require", "Require", "Disable"], "a socket is not encrypted");
    assert_eq!(options[0].get_application_name(), Some("mine"));
    let shown = format!("{:?}", options[0]);
    assert!(
        shown.contains("\"p#w\"") && shown.contains("extra_float_digits: None"),
        "{shown}"
    );
    let options = |text| all(text)[0].get_options().map(ToOwned::to_owned);
    assert_eq!(
        options("postgres://h/db?options=-c%20geqo%3Doff%20endpoint%3Dep-x&options[a.b]=1 2").as_deref(),
        Some(r"-c geqo=off endpoint=ep-x -c a.b=1\ 2")
    );
    assert_eq!(options("postgres://h/db"), None);
}

#[test]
fn require_with_root_certificates_verifies_the_chain() {
    let folder = std::env::temp_dir().join(format!("vestibule-url-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("ca.pem");
    std::fs::write(&file, "").expect("a file");
    let mode = |parameters: &str| {
        let url = parsed(&format!("postgres://h/db?sslrootcert={}&{parameters}", file.display()));
        format!("{:?}", url.connect_options().expect("read")[0].get_ssl_mode())
    };
    let modes =
        ["disable", "prefer", "require", "verify-ca", "verify-full"].map(|name| mode(&format!("sslmode={name}")));
    assert_eq!(modes, ["Disable", "Prefer", "VerifyCa", "VerifyCa", "VerifyFull"]);
    std::fs::remove_dir_all(&folder).expect("removed");
    let missing = parsed(&format!(
        "postgres://h/db?sslmode=require&sslrootcert={}",
        file.display()
    ));
    let error = missing.connect_options().map(|_| ()).expect_err("missing").to_string();
    assert!(error.contains("`sslrootcert`") && error.contains("ca.pem"), "{error}");
}
