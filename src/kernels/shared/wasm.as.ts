// Exported, so that they count as variables: exp.as.ts says why.
export {
  CUBE,
  HIGHEST,
  LN2,
  LN2_REST,
  LOG2_E,
  LOWEST,
  ONE,
  P2,
  P3,
  P4,
  P5,
  P6,
  P7,
  ROUND,
  SLOPE,
  THREE_CUBES,
} from './exp.as';
