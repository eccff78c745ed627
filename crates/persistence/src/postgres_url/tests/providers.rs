use super::*;

/// A URL with its user, hosts and database.
type Example = (&'static str, &'static str, &'static str, &'static str);

/// Connection strings as in the providers' documentation.
const EXAMPLES: &[Example] = &[
    // Neon, direct and pooled
    (
        "postgresql://alex:AbC123dEf@ep-cool-darkness-123456.us-east-2.aws.neon.tech/dbname?sslmode=require",
        "alex",
        "ep-cool-darkness-123456.us-east-2.aws.neon.tech 5432",
        "dbname",
    ),
    (
        "postgresql://alex:AbC123dEf@ep-cool-darkness-123456-pooler.us-east-2.aws.neon.tech/dbname?sslmode=require&options=endpoint%3Dep-cool-darkness-123456",
        "alex",
        "ep-cool-darkness-123456-pooler.us-east-2.aws.neon.tech 5432",
        "dbname",
    ),
    // Supabase: direct, session pooler, transaction pooler with the parameters for Prisma
    (
        "postgresql://postgres:AbC123dEf@db.abcdefghijklmnop.supabase.co:5432/postgres",
        "postgres",
        "db.abcdefghijklmnop.supabase.co 5432",
        "postgres",
    ),
    (
        "postgres://postgres.abcdefghijklmnop:AbC123dEf@aws-0-eu-central-1.pooler.supabase.com:5432/postgres",
        "postgres.abcdefghijklmnop",
        "aws-0-eu-central-1.pooler.supabase.com 5432",
        "postgres",
    ),
    (
        "postgres://postgres.abcdefghijklmnop:AbC123dEf@aws-0-eu-central-1.pooler.supabase.com:6543/postgres?pgbouncer=true&connection_limit=1",
        "postgres.abcdefghijklmnop",
        "aws-0-eu-central-1.pooler.supabase.com 6543",
        "postgres",
    ),
    // Amazon RDS and Aurora
    (
        "postgresql://app:AbC123dEf@mydb.123456789012.us-east-1.rds.amazonaws.com:5432/app?sslmode=verify-full&sslrootcert=/certs/global-bundle.pem",
        "app",
        "mydb.123456789012.us-east-1.rds.amazonaws.com 5432",
        "app",
    ),
    // Cloud SQL through its socket
    (
        "postgresql://app:AbC123dEf@/app?host=/cloudsql/project:region:instance",
        "app",
        "/cloudsql/project:region:instance 5432",
        "app",
    ),
    // Azure: flexible server, and single server with the host in the user name
    (
        "postgresql://app:AbC123dEf@myserver.postgres.database.azure.com:5432/postgres?sslmode=require",
        "app",
        "myserver.postgres.database.azure.com 5432",
        "postgres",
    ),
    (
        "postgres://app%40myserver:AbC123dEf@myserver.postgres.database.azure.com:5432/postgres?sslmode=require",
        "app@myserver",
        "myserver.postgres.database.azure.com 5432",
        "postgres",
    ),
    // Heroku, Render, Fly, Railway, DigitalOcean, Aiven
    (
        "postgres://ucabc123:p0123456789abcdef@ec2-1-2-3-4.compute-1.amazonaws.com:5432/d1abcdefghij",
        "ucabc123",
        "ec2-1-2-3-4.compute-1.amazonaws.com 5432",
        "d1abcdefghij",
    ),
    (
        "postgresql://app:AbC123dEf@dpg-abc123-a.frankfurt-postgres.render.com/app_x1y2",
        "app",
        "dpg-abc123-a.frankfurt-postgres.render.com 5432",
        "app_x1y2",
    ),
    (
        "postgres://app:AbC123dEf@my-db.flycast:5432/app?sslmode=disable",
        "app",
        "my-db.flycast 5432",
        "app",
    ),
    (
        "postgres://postgres:AbC123dEf@top2.nearest.of.my-db.internal:5432",
        "postgres",
        "top2.nearest.of.my-db.internal 5432",
        "",
    ),
    (
        "postgresql://postgres:AbC123dEf@postgres.railway.internal:5432/railway",
        "postgres",
        "postgres.railway.internal 5432",
        "railway",
    ),
    (
        "postgresql://doadmin:AbC123dEf@db-postgresql-fra1-1-do-user-1-0.b.db.ondigitalocean.com:25060/defaultdb?sslmode=require",
        "doadmin",
        "db-postgresql-fra1-1-do-user-1-0.b.db.ondigitalocean.com 25060",
        "defaultdb",
    ),
    // Several hosts, as documented by Patroni and Yandex Cloud
    (
        "postgresql://app:AbC123dEf@node1:5432,node2:5432,node3:5432/app?target_session_attrs=read-write&connect_timeout=3",
        "app",
        "node1 5432, node2 5432, node3 5432",
        "app",
    ),
    // Prisma
    (
        "postgresql://app:AbC123dEf@localhost:5432/app?schema=public&connection_limit=5",
        "app",
        "localhost 5432",
        "app",
    ),
];

#[test]
fn provider_urls_are_accepted() {
    for (text, user, host, database) in EXAMPLES {
        let password = if text.contains("p0123456789abcdef") {
            "p0123456789abcdef"
        } else {
            "AbC123dEf"
        };
        assert_parts(text, user, password, host, database);
    }
    let neon = "postgresql://u:p@ep-x.neon.tech/db?sslmode=require&channel_binding=require";
    assert!(
        message(neon).contains("sslmode=verify-full"),
        "the error names the alternative"
    );
}
