// PostGraphile over the tickets table alone, as its documentation sets it up.
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { grafserv } from "postgraphile/grafserv/node";
import { makePgService } from "postgraphile/adaptors/pg";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const preset = {
  extends: [PostGraphileAmberPreset],
  grafast: { explain: false },
  grafserv: { graphiql: false, websockets: false },
  pgServices: [
    makePgService({
      connectionString: process.env.BENCH_DATABASE,
      schemas: ["public"],
      poolSize: 8,
    }),
  ],
};
const server = createServer();
server.on("error", (error) => console.error(error));
const serv = postgraphile(preset).createServ(grafserv);
await serv.addTo(server);
server.listen(Number(process.argv[2]), "127.0.0.1");
