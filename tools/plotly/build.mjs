// Writes the lean plotly bundle, and beside it the one global that Dash's scripts take from a library of substitutes for
// old browsers, to the files named on the command line.
import { readFile } from "node:fs/promises";
import { build } from "esbuild";

const [, , outfile, runtime] = process.argv;

// What attributes mean, in sentences: a third of plotly's source, and read by nobody at run time.
const TEXT = String.raw`(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")`;
const DESCRIPTION = new RegExp(String.raw`\bdescription:\s*(?:\[\s*(?:${TEXT}\s*,?\s*)*\]\.join\(\s*${TEXT}\s*\)|${TEXT}(?:\s*\+\s*${TEXT})*)(?=\s*[,}])\s*,?`, "g");
const withoutDescriptions = {
  name: "without-descriptions",
  setup(bundling) {
    bundling.onLoad({ filter: /plotly\.js\/src\/.*\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(DESCRIPTION, ""),
      loader: "js",
    }));
  },
};

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
  plugins: [withoutDescriptions],
  legalComments: "none",
  // The first line lets a browser compile all of it while the page is still being put together.
  banner: { js: "//# allFunctionsCalledOnLoad\n/* plotly.js, copyright Plotly, Inc., MIT licence */" },
  // Seen by page scripts as window.Plotly, which also keeps Dash from loading its own bundle.
  footer: { js: "window.Plotly=Plotly;" },
  logLevel: "warning",
});

await build({ entryPoints: ["node_modules/regenerator-runtime/runtime.js"], outfile: runtime, minify: true, target: "es2020" });
