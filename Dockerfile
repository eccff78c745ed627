# syntax=docker/dockerfile:1

# The web app, which the binary holds.
FROM node:24.21.0-bookworm-slim AS web
WORKDIR /src/web
COPY web .
RUN --mount=type=cache,target=/root/.npm npm ci && npm run build --workspace @vestibule/app

# The binary; the image has the C compiler that it needs. The registry and what was compiled before are kept between builds.
FROM rust:1.95.0-slim-bookworm AS build
WORKDIR /src
COPY . .
COPY --from=web /src/web/app/dist web/app/dist
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --package vestibule-server \
    && cp target/release/vestibule /vestibule \
    && install --directory --mode=700 --owner=65532 --group=65532 /data

# Nothing but the C library, certificates and the binary; no shell, and not root.
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
# Whether the process answers, not whether it is ready: an outage of the database must not restart every container.
# Where requests are routed by health, use /health/ready.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 CMD ["vestibule", "health", "--live"]
ENTRYPOINT ["vestibule"]
CMD ["serve"]
