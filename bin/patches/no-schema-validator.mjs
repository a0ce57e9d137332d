// The SDK of the Model Context Protocol brings a JSON Schema validator (ajv, a quarter of it) for what clients fill into
// forms; fin shows no forms.
export const noSchemaValidator = {
  name: 'no-schema-validator',
  setup(builder) {
    builder.onLoad({ filter: /@modelcontextprotocol[\\/]server[\\/]dist[\\/]shimsNode\.mjs$/ }, () => ({
      contents: `import process from "node:process";
export class DefaultJsonSchemaValidator { getValidator() { throw new Error("fin validates no schemas of clients"); } }
export { process };`,
      loader: 'js',
    }));
  },
};
