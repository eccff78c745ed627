# syntax=docker/dockerfile:1

# The web app, which the binary embeds.
FROM node:24.21.0-bookworm-slim AS web
WORKDIR /src/web
COPY web .
RUN --mount=type=cache,target=/var/cache/npm npm ci --ignore-scripts --cache /var/cache/npm && npm run build --workspace @vestibule/app

# The binary; the image includes the required C compiler. The registry and build outputs are cached between builds.
FROM rust:1.95.0-slim-bookworm AS build
WORKDIR /src
COPY . .
COPY --from=web /src/web/app/dist web/app/dist
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --package vestibule-server \
    && cp target/release/vestibule /vestibule \
    && install --directory --mode=700 --owner=65532 --group=65532 /data

# Only the C library, certificates and the binary: no shell, no root.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /vestibule /usr/local/bin/vestibule
COPY --from=build --chown=nonroot:nonroot /data /data
WORKDIR /data
ENV DATABASE_URL=sqlite:///data/vestibule.db \
    VESTIBULE_ADDR=0.0.0.0:8000 \
    VESTIBULE_LOG_FORMAT=json
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
# Liveness, not readiness: a database outage must not restart every container. To route requests by health, use
# /health/ready.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 CMD ["vestibule", "health", "--live"]
ENTRYPOINT ["vestibule"]
CMD ["serve"]
