# The server with GraphiQL inside, as a small image:
#
#   docker build -t ashiato .
#   docker run -p 8000:8000 -v ashiato:/data ashiato serve --demo
#
# compose.yaml runs two of them on one PostgreSQL.

FROM node:22-bookworm-slim AS explorer
WORKDIR /explorer
COPY explorer/package.json explorer/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY explorer/ ./
RUN npm run build

FROM rust:1.95-slim-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends build-essential \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /ashiato
COPY . .
COPY --from=explorer /explorer/dist explorer/dist
RUN cargo build --release --locked

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --home-dir /data --create-home ashiato \
    && install --directory --owner ashiato /photos
COPY --from=build /ashiato/target/release/ashiato /usr/local/bin/ashiato
USER ashiato
# Where SQLite's file is, if it is SQLite.
WORKDIR /data
VOLUME /data
ENV ASHIATO_LISTEN=0.0.0.0:8000
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=2s --start-period=30s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8000 && printf 'GET /readyz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["ashiato"]
CMD ["serve"]
