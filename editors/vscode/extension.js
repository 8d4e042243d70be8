// Starts `ulm-server lsp` and hands it the open policies. Everything else is the language server's work.
const { workspace } = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

let client;

exports.activate = async function () {
  const settings = workspace.getConfiguration("ulm");
  const server = { command: settings.get("server"), args: ["lsp"], transport: TransportKind.stdio };
  client = new LanguageClient("ulm", "ULM policies", server, {
    documentSelector: [{ language: "ulm" }],
    initializationOptions: { site: settings.get("site"), socket: settings.get("socket") },
    synchronize: { fileEvents: workspace.createFileSystemWatcher("**/*.{ulm,ics}") },
  });
  await client.start();
};

exports.deactivate = () => client?.stop();
