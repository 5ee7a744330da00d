// Hive Gateway with its own planner.
import { defineConfig } from "@graphql-hive/gateway";

export const gatewayConfig = defineConfig({
  inboundInflightRequestDeduplication: process.env.DEDUPLICATE === "1",
});
