// chalk asks the terminal what colours it has when it is loaded, which loads Node's network layer; fin decides by itself.
export const ownColourDecision = {
  name: 'own-colour-decision',
  setup(builder) {
    builder.onResolve({ filter: /^#supports-color$/ }, () => ({
      path: 'supports-color',
      namespace: 'own-colour-decision',
    }));
    builder.onLoad({ filter: /.*/, namespace: 'own-colour-decision' }, () => ({
      contents: 'export default { stdout: false, stderr: false }',
      loader: 'js',
    }));
  },
};
