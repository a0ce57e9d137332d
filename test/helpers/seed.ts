// Where random tests begin: the same everywhere, so that a run fails only by a change of the code. FIN_TEST_SEED takes
// another: a number, or `random`; what fails names it.
const COMMON_SEED = 20_261_121;

export const TEST_SEED = readSeed(process.env['FIN_TEST_SEED']);

function readSeed(text: string | undefined): number {
  if (text === undefined || text === '') return COMMON_SEED;
  const seed = text === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(text);
  if (!Number.isInteger(seed)) throw new Error(`FIN_TEST_SEED=${text}: neither a whole number nor random`);
  return seed;
}
