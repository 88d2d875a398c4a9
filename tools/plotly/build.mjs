// Writes the lean plotly bundle to the file named on the command line.
import { build } from "esbuild";

const [, , outfile] = process.argv;

await build({
  entryPoints: ["bundle.cjs"],
  outfile,
  bundle: true,
  format: "iife",
  globalName: "Plotly",
  minify: true,
  charset: "utf8",
  target: "es2020",
  define: { global: "window", "define.amd": "false" },
  alias: { regl: "@plotly/regl" },
  loader: { ".css": "empty", ".glsl": "text" },
  legalComments: "none",
  banner: { js: "/* plotly.js, copyright Plotly, Inc., MIT licence */" },
  // Seen by page scripts as window.Plotly, which also keeps Dash from loading its own bundle.
  footer: { js: "window.Plotly=Plotly;" },
  logLevel: "warning",
});
