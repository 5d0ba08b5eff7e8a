# The command `apf`, and those that Fink and LSST document, as an image. From the root of a checkout:
#   docker build -f docker/cli.Dockerfile -t apf -t alert_stream .
# docker/README.md says how it is used.
ARG NODE=20

FROM node:${NODE}-bookworm-slim AS base
# librdkafka's own libraries; ca-certificates for TLS; tini as process 1, so that Ctrl-C ends any command. Any user may
# write in these folders: settings and schemas in the home, files in the working folder, which LSST's document names.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates libssl3 libzstd1 tini \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -m 1777 /home/apf /home/apf/.cache /home/apf/.cache/apf /home/alert_stream
WORKDIR /opt/apf

# What is compiled of C++: the checkout's own, where that was done on this kind of machine, else it is done here, which
# takes some minutes, and again only when versions change.
FROM base AS native
COPY package-lock.json \
  node_modules/node-rdkafka/build/Release/node-librdkafka.nod[e] \
  node_modules/node-rdkafka/build/deps/librdkafka*.so.1 \
  node_modules/better-sqlite3/build/Release/better_sqlite3.nod[e] \
  /tmp/found/
COPY docker/cli/native.sh /tmp/
RUN /tmp/native.sh /tmp/found /native

# An edit of a source changes no manifest, and so installs nothing again.
FROM base AS manifests
COPY packages /sources/packages
RUN mkdir /manifests && cd /sources && find packages -name package.json -exec cp --parents {} /manifests ';'

FROM base AS dependencies
COPY package.json package-lock.json ./
COPY --from=manifests /manifests ./
RUN npm ci --omit=dev --ignore-scripts --workspace packages/cli \
 && find node_modules -regex '.*\.\(map\|[mc]?ts\)' ! -path '*/node-rdkafka/*' -delete \
 && rm -rf node_modules/better-sqlite3/deps node_modules/better-sqlite3/src node_modules/node-rdkafka/src \
 && find node_modules/node-rdkafka/deps -type f ! -name LICENSES.txt -delete
COPY --from=native /native ./node_modules

# The program: compiled here where the checkout is not, or was edited since.
FROM base AS build
COPY . .
RUN docker/cli/compile.sh \
 && mkdir bin && ln -s ../docker/cli/python.sh bin/python \
 && node -e "for (const [name, file] of Object.entries(require('./packages/cli/package.json').bin)) \
      fs.symlinkSync('../packages/cli/' + file, 'bin/' + name)" \
 && find packages -name '*.map' -delete \
 && rm -rf node_modules packages/*/node_modules packages/*/src packages/*/page templates/examples

FROM base
# TZ is the zone in which a topic's name changes with the night.
ENV NODE_ENV=production HOME=/home/apf TZ=Etc/UTC PATH=/opt/apf/bin:$PATH
COPY --from=dependencies /opt/apf ./
COPY --from=build /opt/apf ./
WORKDIR /home/alert_stream
ENTRYPOINT ["tini", "--", "/opt/apf/docker/cli/entrypoint.sh"]
CMD ["apf", "--help"]
