// Loaded before bin/fin.js by the build: keeps the compiled code of each built file as it is when the command has run.
'use strict';
const { renameSync, writeFileSync } = require('node:fs');
const vm = require('node:vm');

const scripts = [];
vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    scripts.push({ file: `${options.filename}.v8`, script: this });
  }
};

process.on('exit', () => {
  for (const { file, script } of scripts) {
    writeFileSync(`${file}.${process.pid}`, script.createCachedData());
    renameSync(`${file}.${process.pid}`, file);
  }
});
