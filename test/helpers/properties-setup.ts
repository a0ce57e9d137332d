// Before every test file: properties start from the seed of the run; fast-check prints it with the path of what fails.
import fc from 'fast-check';
import { TEST_SEED } from './seed.ts';

fc.configureGlobal({ seed: TEST_SEED });
