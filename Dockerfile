# One node of Parley. docs/deploy.md says how to run it.

# With the development tools: `npm ci` builds the console.
FROM node:24-bookworm-slim AS console
WORKDIR /opt/parley
COPY package.json package-lock.json tsconfig.json ./
COPY console console
COPY sdk sdk
RUN npm ci

FROM node:24-bookworm-slim AS dependencies
WORKDIR /opt/parley
COPY package.json package-lock.json ./
COPY console/package.json console/package.json
# The optional dependencies are a Node.js of their own, and this image has one.
RUN npm ci --omit=dev --omit=optional --ignore-scripts

FROM node:24-bookworm-slim
ENV NODE_ENV=production PARLEY_HOST=0.0.0.0 PARLEY_DATA_DIR=/data
WORKDIR /opt/parley
# A volume that is made here has this owner and this mode.
RUN mkdir --mode=0700 /data && chown node:node /data
COPY --from=dependencies /opt/parley/node_modules node_modules
COPY --from=console /opt/parley/dist dist
COPY LICENSE package.json ./
COPY bin bin
COPY src src
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=8s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PARLEY_PORT || 8080) + '/readyz').then(({ ok }) => process.exit(ok ? 0 : 1))"]
CMD ["node", "bin/parley.js", "serve"]
