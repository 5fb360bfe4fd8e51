/** The files of a checkpoint cannot be read, for a reason a person can act on. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}
