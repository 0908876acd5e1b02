// Bundle the page into the folder given as the first argument. The same sources give the same bytes.
import { build } from "esbuild";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

const LIBRARY = /node_modules[\\/]slack-blocks-to-jsx[\\/]/;
const here = import.meta.dirname;
const target = path.resolve(process.argv[2]);

/** The library draws what cannot be clicked; src/swap.js puts our controls where it would draw its own. */
const ourControls = {
  name: "our-controls",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^react\/jsx-runtime$/ }, ({ importer }) =>
      LIBRARY.test(importer) ? { path: path.join(here, "src", "swap.js") } : undefined,
    );
    onLoad({ filter: /slack-blocks-to-jsx[\\/]dist[\\/]style\.css$/ }, async (file) => {
      const css = await readFile(file.path, "utf8");
      return {
        // One block is one root here, so the root is a class and not an id; our own rules may win.
        contents: css
          .replaceAll("#slack_blocks_to_jsx", ":is(#blocks,.slack_blocks_to_jsx)")
          .replaceAll("!important", ""),
        loader: "css",
      };
    });
  },
};

/** The licence of everything that went into the bundle, by package name. */
async function licences(inputs) {
  const packages = new Set();
  for (const input of Object.keys(inputs)) {
    const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input.replaceAll("\\", "/"));
    if (found) packages.add(found[1]);
  }
  const texts = [];
  for (const name of [...packages].sort()) {
    const folder = path.join(here, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).sort().find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? await readFile(path.join(folder, file), "utf8") : `Licence: ${license}`;
    texts.push(`${name} ${version} (${license})\n\n${text.replaceAll("\r\n", "\n").trim()}\n`);
  }
  return texts.join(`\n${"-".repeat(72)}\n\n`);
}

const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: { desk: "src/main.jsx" },
  outdir: target,
  bundle: true,
  minify: true,
  metafile: true,
  format: "esm",
  target: ["chrome120", "firefox125", "safari17"],
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "none", // licences.txt has them all
  charset: "utf8",
  plugins: [ourControls],
  logLevel: "warning",
});
await mkdir(target, { recursive: true });
for (const name of ["index.html", "favicon.svg"]) {
  await copyFile(path.join(here, name), path.join(target, name));
}
await writeFile(path.join(target, "licences.txt"), await licences(metafile.inputs));
