# The server alone, on a Node that is kept up. better-sqlite3 13 carries its own binary for it; nothing is compiled.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN node demo/start.mjs --build \
 && npm ci --omit=dev --ignore-scripts \
 && npm install --no-save --omit=dev --ignore-scripts better-sqlite3@13

FROM node:24-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 DATABASE_URL=file:/data/youfigure.db
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.PORT+'/readyz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "dist/server/cli.js", "serve"]
