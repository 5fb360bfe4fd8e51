/** A file that a backend needs did not come, or not whole: another try may well run. */
export class MissingFileError extends Error {
  override readonly name = 'MissingFileError';
}

/** What loads a file. That it does not come is no fault of the backend's. Rejects with MissingFileError. */
export const coming = <T>(loading: Promise<T>): Promise<T> =>
  loading.catch((error: unknown) => {
    throw new MissingFileError(String(error));
  });
